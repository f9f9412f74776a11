"""The control API, under /__control: told what to do, asked what happened. Answers (status, JSON).

GET    health                   calls so far
POST   faults  {…} or [{…}]     add rules (see faults.py);  DELETE faults  forget them
POST   reset                    as after a start; the log stays
POST   limit   {requests, seconds}
POST   refuse  {seconds}        connections are refused for so long
GET    requests, requests/N     the last calls, whole
GET    accepted                 every line of the log
GET    events                   public key, posts pending, statuses that were answered
POST   events  {…}              tell of what is accepted from now on (see events.py); {} ends it
POST   tell    [{…}]            tell these events, as they are
POST   clock   {forward}        its clock goes ahead by so many seconds; or {at}, an instant
"""

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.standin.server import StandIn

Found = tuple[int, Any]


def answer(server: "StandIn", method: str, path: str, body: bytes) -> Found:
    name, _, rest = path.removeprefix("/__control/").partition("/")
    try:
        given = json.loads(body) if body else {}
        return _asked(server, name, rest) if method == "GET" else _told(server, method, name, given)
    except (KeyError, TypeError, ValueError) as error:
        return 400, {"error": str(error)}


def _asked(server: "StandIn", name: str, rest: str) -> Found:
    if name == "health":
        return 200, {"requests": server.memory.requests}
    if name == "events":
        sender = server.events
        return 200, {"key": sender.public_key, "pending": sender.pending(), "answers": sender.answers}
    if name == "accepted":
        return 200, server.memory.accepted()
    if name == "requests" and not rest:
        return 200, [{key: value for key, value in one.items() if key != "body"} for one in server.memory.captured()]
    if name == "requests":
        found = [one for one in server.memory.captured() if one["number"] == int(rest)]
        return (200, found[0]) if found else (404, {"error": "no such request is kept"})
    return 404, {"error": f"nothing is called {name!r}"}


def _told(server: "StandIn", method: str, name: str, given: Any) -> Found:
    if (method, name) == ("DELETE", "faults"):
        server.faults.clear()
    elif (method, name) == ("POST", "faults"):
        for rule in given if isinstance(given, list) else [given]:
            server.faults.add(rule)
    elif (method, name) == ("POST", "events"):
        server.events.order(given)
    elif (method, name) == ("POST", "reset"):
        server.faults.clear()
        server.memory.forget()
        server.schedule.forget(server.now())
    elif (method, name) == ("POST", "limit"):
        server.memory.set_limit(int(given["requests"]), float(given["seconds"]))
    elif (method, name) == ("POST", "tell"):
        server.events.tell_these(given)
    elif (method, name) == ("POST", "clock"):
        server.forward(given["forward"] if "forward" in given else given["at"] - server.now())
    elif (method, name) == ("POST", "refuse"):
        server.refuse_connections(float(given["seconds"]))
    else:
        return 404, {"error": f"nothing is called {name!r}"}
    return 200, {}
