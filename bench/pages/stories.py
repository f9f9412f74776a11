"""Stories of our own invention, in English. A Block is (kind, content): p h q ul ol table pre qa."""

from dataclasses import dataclass

Block = tuple[str, object]


@dataclass(frozen=True)
class Story:
    slug: str
    language: str
    title: str
    byline: str
    date: str
    """ISO 8601, with its zone."""
    summary: str
    blocks: tuple[Block, ...]
    house: str = "The Harbour Herald"

    @property
    def gold(self) -> str:
        return "\n\n".join(text for block in self.blocks for text in told(block))


def told(block: Block) -> list[str]:
    """A block's text, in the order in which a reader meets it."""
    kind, content = block
    if kind in ("ul", "ol"):
        return [str(item) for item in content]  # type: ignore[attr-defined]
    if kind in ("table", "qa"):
        return [str(cell) for row in content for cell in row]  # type: ignore[attr-defined]
    return [str(content)]


def paragraphs(text: str) -> tuple[Block, ...]:
    """Lines that begin with "# " are headings, with "> " quotations, the others paragraphs."""
    kinds = {"# ": "h", "> ": "q"}
    lines = [" ".join(part.split()) for part in text.strip().split("\n\n")]
    return tuple((kinds[line[:2]], line[2:]) if line[:2] in kinds else ("p", line) for line in lines)


DREDGER = Story(
    "dredger",
    "en",
    "Old dredger returns to Port Ellery after eleven years",
    "Mara Quill",
    "2026-05-12T08:30:00+01:00",
    "The vessel that dug the harbour came home on the morning tide, towed by two tugs and greeted by a brass band.",
    paragraphs("""
The dredger Constance, which dug most of the inner harbour between 1958 and 1971, came home on Tuesday's morning tide behind two tugs, to the sound of a brass band that had rehearsed for three weeks.

She was sold eleven years ago to a gravel company up the coast, and nobody expected to see her again. "We had a farewell party and everything," said Tor Bright, who worked her buckets as a young man. "I kept the cake knife."

# A berth without a plan

The harbour board voted in March to buy her back for one crown and the cost of the tow, which came to rather more than that. The board's chairwoman, Ida Roe, told reporters that the vessel would lie at the old coal berth until somebody decides what she is for.

Three proposals are on the table: a museum of the harbour, a café with a view of the lock, and a workshop in which apprentices learn to rivet. All three, the chairwoman admitted, need a roof that does not leak.

> A ship that does nothing is not idle. She is waiting, and waiting is work too.

Visitors may follow the restoration from the quay, and can subscribe to a bulletin that the volunteers print each month. Those who want to share their memories of the Constance are asked to write them down and leave them at the lock-keeper's house.

# What the divers found

Divers who inspected the hull on Wednesday reported that the plates below the waterline are sound. The rudder is not. A new one will be cast at the foundry in Melby, where the old pattern still hangs on the wall.

The first open day is planned for the second Sunday in June, weather and paint permitting.
"""),
)

COUNCIL = Story(
    "council",
    "en",
    "Council puts off vote on the tram to the hospital",
    "Peder Vance and Lena Holm",
    "2026-03-02T17:05:00+00:00",
    "After six hours of speeches the city council sent the tram plan back to its engineers, who had hoped to start digging in May.",
    paragraphs("""
After six hours of speeches and one power cut, the city council voted late on Monday to send the plan for a tram line to the hospital back to its engineers.

The vote was 21 to 19, with one councillor asleep. It means that digging, which was to begin in May, cannot start before the autumn, and that the state's grant of 40 million must be asked for again.

Opponents of the line say that the bridge over the Ammer cannot carry it. Supporters answer that the bridge has carried heavier things, among them a circus. "I have read more reports on that bridge than on any other subject in my life," said councillor Anselm Dray, who voted for the line.

The engineers' new report is due in July. It is to answer three questions: what the bridge can bear, what a second bridge would cost, and whether the number 9 bus could do the same work if it ran every five minutes.

Nurses from the hospital, who had filled the public gallery since noon, left before the result was read out. Their shift had begun.

The hospital itself took no side. In a letter to the mayor its director wrote that patients do not mind how they arrive, as long as the last two hundred metres are not on foot and uphill.
"""),
)

SHORT = Story(
    "short",
    "en",
    "Lighthouse road closed until Friday",
    "Mara Quill",
    "2026-04-20T06:00:00+01:00",
    "A landslip has closed the road to the lighthouse.",
    paragraphs("""
The road to the Skarn lighthouse is closed until Friday after a landslip on Sunday night, the county said.

Nobody was hurt. A hut in which the keeper stores his bicycles was pushed eleven metres towards the sea and stands there now, upright and locked.

The bus turns round at the chapel.
"""),
)

COLUMN = Story(
    "column",
    "en",
    "In praise of the reply all",
    "Hester Lund",
    "2026-02-11T09:00:00Z",
    "It is the last town square we have, and we should stop apologising for it.",
    paragraphs("""
Somewhere in every office there is a person who, asked by the canteen whether she would like fish on Friday, tells four hundred colleagues that she would. I have come to think of her as the last of the town criers.

We are told to be careful with that button. There is a course, I believe; there is certainly a poster. Yet what do we lose when everybody answers only the one who asked? We lose the small public life of a building: the news that the man from accounts has a boat, that somebody's daughter plays the tuba, that fish is contested.

I do not say that it is efficient. I say that it is the only newspaper most of us write for.

My grandmother's village had a wall by the well. You could read there who had lost a goat, who forgave whom, and what the pharmacist thought of the mayor. Nobody called it noise. When the wall fell down the village put it up again, and only later the roof of the school.

So the next time four hundred people learn what you think of fish, do not write a second message to say sorry for the first. Sit up straight. You have published.
"""),
)

SCIENCE = Story(
    "science",
    "en",
    "Eels may find their way home by taste, researchers say",
    "Ruben Ashdown",
    "2026-06-30T14:20:00+00:00",
    "Young eels released in four rivers turned towards water from the place of their birth, even when it was diluted many times.",
    (
        *paragraphs("""
Young eels can tell the water of their own river from that of its neighbours even when it is diluted ten thousand times, according to a study by three institutes on the western coast.

The researchers released 312 animals, each as long as a pencil, into a tank with four arms. Water from a different river flowed through each arm. In 81 percent of trials the eels chose the river in whose mouth they had been caught.
"""),
        ("h", "Four rivers, one tank"),
        (
            "p",
            "The effect held after the animals had been kept for two months in water that came from none of the rivers. The table shows how often each group found its own.",
        ),
        (
            "table",
            (
                ("River", "Animals", "Found home"),
                ("Ammer", "80", "84 percent"),
                ("Lower Skarn", "78", "79 percent"),
                ("Melby Water", "77", "83 percent"),
                ("Tarn Beck", "77", "78 percent"),
            ),
        ),
        *paragraphs("""
"We expected them to be good at it. We did not expect them to be better than our instruments," said Ilse Marren, who led the work. Her group had to send samples to a second laboratory to confirm what the eels had noticed.

Not everyone is persuaded. Joost Pell, who studies salmon and was not involved, said that a tank is not a sea, and that an eel that turns left has merely turned left. He would like to see the experiment repeated with animals that were caught further from shore.

The institutes plan to do so next spring. They will need a longer tank, more pencils' worth of eels, and a permit that has so far been refused twice.
"""),
    ),
)

RECIPE = Story(
    "recipe",
    "en",
    "Barley soup for a wet Thursday",
    "Nan Oakley",
    "2026-01-15T11:00:00+00:00",
    "A soup that needs one pot, one hour and nobody's attention.",
    (
        (
            "p",
            "There is a kind of Thursday on which nothing can be expected of anyone. This soup was made for it. It wants one pot, one hour and almost no attention, and it is better on Friday.",
        ),
        ("h", "Ingredients"),
        (
            "ul",
            (
                "200 g pearl barley, rinsed",
                "2 carrots, in coins",
                "1 leek, the white part, in rings",
                "1 litre of stock, whatever you have",
                "a piece of butter as large as a walnut",
                "salt, pepper, and a bay leaf if there is one",
            ),
        ),
        ("h", "Method"),
        (
            "ol",
            (
                "Melt the butter and let the leek go soft in it. It should not colour.",
                "Add the barley and stir until it smells of biscuits.",
                "Pour in the stock, add carrots and the bay leaf, and leave it alone for fifty minutes.",
                "Season it only now, since the stock has been salted by somebody else already.",
            ),
        ),
        (
            "p",
            "If it stands overnight the barley will drink whatever is left. Add a cup of water, and do not call it risotto in front of anyone who would mind.",
        ),
    ),
)

INTERVIEW = Story(
    "interview",
    "en",
    "“A map is a promise that somebody walked there”",
    "Owen Tarrant",
    "2026-05-28T10:10:00+02:00",
    "Cartographer Selma Wray on drawing coasts that move, and on what she leaves out.",
    (
        (
            "p",
            "Selma Wray has drawn the sandbanks off Skarn every year for three decades, because every year they are somewhere else. We met her on the pier with a thermos and a roll of paper.",
        ),
        (
            "qa",
            (
                (
                    "How do you draw a thing that will not keep still?",
                    "Quickly, and with a date on it. People think that a map says where things are. It says where they were on the day somebody cared to look.",
                ),
                (
                    "Do the fishermen use your maps?",
                    "They use them to disagree with. That is the best thing that can happen to a map. I get more letters in February than the mayor.",
                ),
                (
                    "What do you leave out?",
                    "Nearly everything. A good sheet is an argument about what can be left out. My first teacher took an eraser to my drawing and gave it back, and it was better and it was empty, and I cried on the bus.",
                ),
                (
                    "And what would you never leave out?",
                    "The well, the church and the place where you can land a boat. If all the rest is wrong, somebody still comes home.",
                ),
            ),
        ),
        ("p", "Her new atlas of the coast will be published in the autumn, in a printing of six hundred."),
    ),
)

RELEASE = Story(
    "release",
    "en",
    "Fennmark Instruments opens plant in Melby",
    "",
    "2026-04-08T07:00:00+02:00",
    "The maker of tide gauges will employ 140 people in the old sugar mill.",
    paragraphs("""
MELBY, 8 April 2026 – Fennmark Instruments, a maker of tide gauges and harbour sensors, today opened its second plant in the former sugar mill at Melby. The plant will employ 140 people by the end of the year.

"Melby has what we need: water, a railway, and people who know what rust is," said Gudrun Fenn, chief executive. "We looked at eleven towns, and this was the one in which somebody asked about our apprentices first."

The company has invested 23 million in the building, whose chimney was kept at the request of the storks. Production of the FX-4 gauge begins in May; a line for buoys will follow in the first quarter of 2027.

# About Fennmark Instruments

Fennmark Instruments was founded in 1949 and builds gauges, buoys and harbour sensors that are in use on four continents. The company belongs to its employees.

# Contact

Press office, Fennmark Instruments, 14 Mill Road, Melby, press@fennmark.example
"""),
)

CODE = Story(
    "code",
    "en",
    "How we stopped losing the last line of every log",
    "jtern",
    "2026-03-19T12:00:00Z",
    "A buffer, a signal, and a line that never came.",
    (
        *paragraphs("""
For about a year our service wrote beautiful logs that ended one line too early. Whenever it crashed, the line that would have told us why was missing. This is how we found out, and the four characters that fixed it.

# A buffer with good manners

Standard output is buffered by lines when it goes to a terminal, and by blocks when it goes to a pipe. In development we saw everything. In production we piped it, and the last block went down with the ship.
"""),
        (
            "pre",
            'import sys\n\ndef log(line):\n    sys.stdout.write(line + "\\n")\n    sys.stdout.flush()  # the part that we forgot',
        ),
        *paragraphs("""
Flushing after each line costs us some two microseconds. We write forty lines a second, so nobody will notice, and I have stopped apologising for it in reviews.

# Why not at exit?

A handler that runs at exit does not run when the kernel kills you for using too much memory, which was precisely what happened to us. If a rule only holds on good days, it is not a rule but a hobby.
"""),
    ),
)

LIVE = Story(
    "live",
    "en",
    "Storm Agda: how the night went along the coast",
    "Herald staff",
    "2026-10-03T05:45:00+01:00",
    "Hour by hour through the storm.",
    (
        (
            "p",
            "Storm Agda crossed the coast in the night with gusts of up to 140 kilometres an hour. This is how it went, the newest first.",
        ),
        ("h", "05:40 Ferries still in harbour"),
        (
            "p",
            "No ferry will sail before noon, the company says. Passengers who slept in the terminal have been given soup, blankets, and a lecture about booking ahead.",
        ),
        ("h", "03:15 Power back in Melby"),
        (
            "p",
            "Power has returned to some 2,400 homes in Melby after a crew replaced a transformer by torchlight. Around 300 homes north of the river are still dark.",
        ),
        ("h", "01:50 The chapel roof"),
        (
            "p",
            "The roof of the sailors' chapel has come off in one piece and lies in the vicar's garden. The organ was covered in time with a sail from the museum.",
        ),
        ("h", "23:30 High water"),
        (
            "p",
            "The tide stood 1.9 metres above its mean at half past eleven, eleven centimetres below the crown of the dyke. Volunteers with sandbags were told that they could go home, and most of them stayed.",
        ),
    ),
)

ENGLISH = (DREDGER, COUNCIL, SHORT, COLUMN, SCIENCE, RECIPE, INTERVIEW, RELEASE, CODE, LIVE)
