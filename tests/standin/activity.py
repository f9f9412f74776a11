"""The Email Activity: a subset of its query language. In: a query string, accepted calls. Out: the mails it finds."""

import re
from typing import Any
from urllib.parse import parse_qs

BY_ARGUMENT = re.compile(r"^\(?unique_args\['nl_sub'\]=\"([^\"]+)\"\)?$")
LIMIT_MAX = 1000


def answer(query: str, accepted: list[dict[str, Any]]) -> tuple[int, Any]:
    asked = parse_qs(query)
    found = BY_ARGUMENT.match(asked.get("query", [""])[0])
    limit = asked.get("limit", ["10"])[0]
    if found is None or not limit.isdigit() or not 1 <= int(limit) <= LIMIT_MAX:
        return 400, {"errors": [{"message": "invalid query", "field": "query", "help": None}]}
    listed = [
        {"msg_id": f"{call['message_id']}.0", "to_email": one["email"], "status": "processed"}
        for call in accepted
        for one in call["deliveries"]
        if one.get("nl_sub") == found[1]
    ]
    return 200, {"messages": listed[: int(limit)]}
