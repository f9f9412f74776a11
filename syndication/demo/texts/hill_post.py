"""Hill Post's stories."""

from syndication.demo.story import Picture, Story

_PARTNER = "hill-post"

STORIES = (
    Story(
        partner=_PARTNER,
        slug="high-cawder-school-reopens",
        wave=0,
        minutes_before=1740,
        title="High Cawder school to reopen for nine pupils",
        byline="Hedda Fairlamb",
        categories=("Schools", "Hills"),
        summary="The village school closed six years ago for want of children. In September it will have nine of them, "
        "and a teacher who was once a pupil there.",
        picture=Picture("village", "High Cawder from the chapel road.", "Joss Wetherall", "Five cottages under a hill"),
        text="""
            The school at High Cawder, which closed six years ago when its last two pupils moved up to Thralebridge,
            will open again in September with nine.

            Five of them belong to families who came up the dale to work at the dairy. The youngest will be four on
            the day before term begins, and has been told that it is no coincidence.

            Their teacher will be Isolde Garrick, who learned to read in the same room. She has asked for two things:
            that the stove be swept, and that the big map with the pink on it be replaced.

            The county agreed to reopen the school for three years, on condition that there are never fewer than seven
            on the register. Parents have worked out that this should hold for eleven, if everybody stays.

            The bell was taken down in the week that the school closed and has been in the blacksmith’s shed since,
            under a sack. He says that nobody asked him for it back then, either.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="the-long-wall-is-finished",
        wave=0,
        minutes_before=4460,
        title="Wallers lay the last stone of the long wall on Cawder Fell",
        byline="Joss Wetherall",
        categories=("Farming", "Hills"),
        summary="It took four people three summers to mend 2,900 metres of dry-stone wall. The sheep were through it "
        "within the hour, by the gate.",
        text="""
            The long wall over Cawder Fell is whole again. Four wallers laid the last stone on Saturday, three summers
            and 2,900 metres after they had begun.

            The wall parts the common from the four farms below it. Parts of it had been down since the great snow of
            thirty years ago, and the farmers had made do with wire.

            There is no mortar in it anywhere. “Two stones on one, one on two, and put your back into it,” said Kester
            Dunnock, who led the work and is seventy-one. He reckons that he picked up each stone twice, once to look
            at it.

            Some eighty people walked up to see it done. There was tea, there was a speech by the chairman of the
            graziers, who had promised a short one, and there was a fiddle.

            Within the hour eleven sheep were seen on the wrong side. They had come through the gate, which somebody
            had left open so as not to miss the speech.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="late-snow-at-tarn-hask",
        wave=1,
        minutes_before=120,
        title="Late snow keeps the lambs indoors at Tarn Hask",
        byline="Hedda Fairlamb",
        categories=("Weather", "Farming"),
        summary="Eleven centimetres fell on the high farms overnight. Nobody was caught out, because an old man’s knee "
        "had given two days’ notice.",
        picture=Picture(
            "hills", "Cawder Fell yesterday, before it turned white.", "Hedda Fairlamb/Hill Post", "Hills in haze"
        ),
        text="""
            Eleven centimetres of snow fell on the farms around Tarn Hask overnight, in the third week of lambing and
            eight days after the first swallow.

            Some four hundred ewes had been brought down on Monday, on the strength of a forecast by Ned Underhay, who
            is eighty-four and consults his left knee. The official one followed on Tuesday.

            “I do not say that it is never wrong,” Mr Underhay said. “I say that it was right in seventy-nine, in
            ninety-one and in the year of the roof.”

            The road over the pass was closed until nine. The milk lorry went round by Osmerdale and was an hour late.
            At the school the children were sent out to measure, and their eleven centimetres are the figure given
            above.

            It should be gone by the weekend, according to the forecast from the coast, which speaks of a thaw and a
            south wind. The knee agrees.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="cawder-cheese-wins-a-medal",
        wave=1,
        minutes_before=30,
        title="Cawder cheese wins a medal, and its makers a problem",
        byline="Joss Wetherall",
        categories=("Farming", "Food"),
        summary="The dairy makes sixty cheeses a week. Since the judges’ decision on Saturday it has been asked "
        "for four thousand, and the cows have not been told.",
        text="""
            A cheese from High Cawder has been named the best hard cheese in the county, and the two people who make
            it have stopped answering the telephone.

            Wilfa and Venn Oakshott make sixty a week, from the milk of thirty-four cows, and keep each of them for
            ten months. The judges called it “a quiet cheese, with a long memory”. Orders for four thousand came by
            Monday night.

            “If we said yes to everyone today, the last of them would have his cheese in about sixteen months,” said
            Wilfa Oakshott. “We have written that to all of them. Nearly all of them wrote back that they would wait.”

            They will not buy in milk from elsewhere, they say, because it would be another cheese. They may take on a
            third pair of hands for the turning, and have put a card in the post office window.

            Shops in the dale will get what they have always had. A notice to that effect hangs in the dairy, above
            the bell.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="lost-apple-of-osmerdale",
        wave=5,
        title="Osmerdale orchard count finds an apple thought lost",
        byline="Hedda Fairlamb",
        categories=("Farming", "Countryside"),
        summary="One tree of the Osmer Pippin, last listed in 1911, stands behind a bus shelter. Its owner had been "
        "making crumble.",
        picture=Picture("hills", "Osmerdale, where 214 old trees have been counted.", "Hill Post", "A green dale"),
        text="""
            An apple that has not been seen in any list since 1911 has turned up behind the bus shelter at Osmerdale,
            where it has been growing all the time.

            The Osmer Pippin was found by volunteers who are counting the dale’s old fruit trees, farm by farm. They
            had reached number 214 when Tamsin Jessamy asked them whether they wanted to see hers as well.

            Her grandfather had told her that it was a good keeper and not to let anyone cut it down. “I never knew
            that it was anything,” she said. “I knew it was a crumble.”

            The fruit is small, flat and yellow, with a smell of pears, and lasts in a cool loft until May. Drawings
            in the county library leave no doubt, according to the man who leads the count.

            Twenty grafts have been taken and will be planted next winter, two in each parish of the dale. Mrs Jessamy
            has been promised the first of the plates that will be put up, and has asked for it to be kept short.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="collie-learns-to-find-walkers",
        wave=9,
        title="Rescue team’s new recruit finds walkers by nose",
        byline="Joss Wetherall",
        categories=("Hills",),
        summary="Fern, a collie who was too gentle for sheep, took nineteen minutes to find a volunteer under "
        "the bracken on Cawder Fell.",
        text="""
            The Wetherlow mountain rescue team has a new member with four legs and, according to her reports, no
            faults worth writing down.

            Fern is three. She was bred for sheep, but proved too polite to make them do anything they had not thought
            of themselves. Her handler, Gwen Elverside, saw in her a dog who does not give up and does not bark at the
            wrong end.

            On Sunday she passed the last of her trials. A volunteer lay down under the bracken on Cawder Fell,
            somewhere in two square kilometres, with a book and a flask. Fern found him in nineteen minutes, in wind
            and drizzle. He said that he had only just come to the good part.

            The team was called out forty-one times last year, nine times at night. A dog covers as much ground as
            twenty people in a line, and does it as well in the dark.

            Fern will carry a light and a bell. The sheep have stopped looking up.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="upper-thrale-bus-is-saved",
        wave=13,
        title="Upper Thrale bus is saved by the people who ride on it",
        byline="Hedda Fairlamb",
        categories=("Parish", "Transport"),
        summary="The council had given the line until midsummer. Its passengers have found four drivers among "
        "themselves, and will run it on Saturdays too.",
        text="""
            The bus from Upper Thrale to Thralebridge will not stop at midsummer after all. It will be run by its
            passengers.

            The county council had said in February that it could no longer pay for a line that carries thirty-one
            people on a usual day. It could, however, lend the bus, and pay for the diesel, if somebody else drove.

            Four somebodies have now passed the test. Two are retired, one is the postwoman, who finishes at noon, and
            one is the vicar of three parishes, who says that he drives the road anyway and might as well be useful.

            They will keep the old timetable, which everyone knows by heart, and add two journeys on Saturdays. The
            fare stays at £2. Dogs go free and hens by arrangement.

            “We were told that nobody would miss it,” said Edwin Netherway, who has taken the 8.10 for twenty-six
            years. “So we went round and asked nobody, and there turned out to be quite a lot of him.”
        """,
    ),
)
