"""Coast Courier's stories. It writes no standfirsts: its blog software cuts an excerpt by itself."""

from syndication.demo.story import Picture, Story

_PARTNER = "coast-courier"

STORIES = (
    Story(
        partner=_PARTNER,
        slug="seal-count-at-cape-hollin",
        wave=0,
        minutes_before=5270,
        title="Volunteers count 318 seals at Cape Hollin",
        byline="Idris Vane",
        categories=("Shore", "Sea"),
        picture=Picture(
            "harbour",
            "The bay below the cape, seen from the counting post.",
            "Ines Calder/Northlight Pictures",
            "A wide bay",
        ),
        text="""
            CAPE HOLLIN — Twenty-six volunteers lay on their stomachs in wet grass for two hours on Saturday and
            counted 318 grey seals on the rocks below the lighthouse, nineteen more than last year. It is the highest
            figure since the count was begun by two schoolteachers with one pair of binoculars between them.

            Each stretch of rock is counted three times by different people, and the middle figure is the one that is
            kept. It does away with optimists, said Fenna Redshank, who has led the count for fourteen years.

            Sixty-one of the animals were pups of last autumn, which is a good many. The winter had only two storms
            from the east, and those are the ones that wash the young off the ledges.

            Visitors are asked to stay on the path until the end of June and to keep dogs on a lead. A seal that has
            to slide into the water loses an hour’s warmth, and some of them were made to do it nine times on Easter
            Monday.

            The next count will be in October. No experience is needed, the volunteers say, but a waterproof coat is,
            and somebody to pull you up afterwards.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="pier-clock-keeps-time-again",
        wave=0,
        minutes_before=1530,
        title="Pier clock keeps time again after forty years at ten to three",
        byline="Bea Tolland",
        categories=("Town", "Culture"),
        picture=Picture(
            "village",
            "Houses on the front at Lanmouth, in sight of the clock.",
            "Bea Tolland/Coast Courier",
            "Seaside houses",
        ),
        text="""
            LANMOUTH — The clock on Lanmouth pier, which has stood at ten to three for so long that a café was named
            after it, has been going since Sunday noon. It was started by the woman who had mended it, in front of
            some two hundred people, several of whom checked it against their telephones and nodded.

            Ada Fairlamb, a watchmaker from Thralebridge, took the works home in a pram in November. She found that
            one tooth of one wheel had broken off and had then, she believes, been kept by somebody as a memento.

            The new tooth was cut by hand from a brass stair rod. The rest wanted only cleaning, and the removal of a
            starling’s nest, a child’s shoe and a toffee paper with a price in old money.

            Nobody was paid. The pier company gave the brass, and the café gave Miss Fairlamb a cake with a clock face
            on it. It too stood at ten to three.

            The café will keep its name. Its owner says that it is always ten to three somewhere, and that it is,
            besides, the right time for tea.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="beach-huts-by-lot",
        wave=1,
        minutes_before=80,
        title="Town hall will give out beach huts by lot",
        byline="Bea Tolland",
        categories=("Town hall", "Shore"),
        picture=Picture(
            "village",
            "Lanmouth from the sands, with the huts still in store.",
            "Ines Calder/Northlight Pictures",
            "White houses",
        ),
        text="""
            LANMOUTH — The forty-four beach huts at Lanmouth Sands will be given out by lot this year, and no longer
            to those whose parents had one. The council decided so last night by a wide margin, after hearing that the
            present list of names is longer than a human life and that two of the people at the head of it have died.

            Everyone who lives in the parish may put in one name until the end of the month. The draw will be held in
            public, on the bandstand, by the headmistress of the infants’ school, whom nobody would dare to accuse of
            anything.

            A hut is let for three seasons at £120 each. After that it goes back into the hat. Families who hold one
            now may stay until September, and may take their curtains with them.

            Councillor Bram Seaborne voted against. His grandfather had built number seventeen with his own hands, he
            said, out of a wreck, and had not asked for a ticket.

            Four huts nearest to the steps are left out of the draw. They will be kept for people who cannot walk far,
            and for school classes in the rain.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="new-gates-hold-back-the-tide",
        wave=1,
        minutes_before=20,
        title="New gates hold back the spring tide on the Thrale",
        byline="Anselm Pike",
        categories=("Weather", "Town"),
        originator="valley-letter",
        picture=Picture(
            "storm",
            "Cloud over the river mouth on the evening before the tide.",
            "Nell Corrow/Valley Letter",
            "Dark cloud",
        ),
        text="""
            The new flood gates below Thralebridge closed at ten past four this morning for the first time outside a
            trial, and kept the highest spring tide for twelve years out of the town.

            On the seaward side the water rose to 4.38 metres, eleven centimetres above the old quay wall. On the
            landward side it stood at 2.90, and the ducks did not leave the steps by the mill.

            “Nothing happened, and I have never been so pleased to see nothing,” said the gatekeeper, Merryn Quarrier,
            who had been at her post since midnight with a lamp, a telephone and a large pie.

            The gates cost the valley £6.2 million. They were finished in October. Twelve years ago the same tide,
            with the same wind behind it, went through 212 houses in the lower town.

            In Mill Lane this morning, doors stood open and sandbags lay dry on the steps. Yestin Varrow, who lives at
            number nine, had carried his carpets upstairs all the same. He would carry them down again after the
            evening tide, he said, and not before.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="sandcastles-make-way-for-terns",
        wave=4,
        title="Sandcastle day moves to August to make way for the terns",
        byline="Idris Vane",
        categories=("Shore", "What’s on"),
        picture=Picture(
            "harbour",
            "The western end of the sands, now the terns’.",
            "Ines Calder/Northlight Pictures",
            "Sea and low land",
        ),
        text="""
            LANMOUTH — The sandcastle competition on Lanmouth Sands, held on the last Saturday of June since anyone
            can remember, will be held in August this year. Some thirty pairs of little terns have chosen the same end
            of the beach, and they have got there first and do not intend to be moved by anybody with a bucket.

            The birds lay two eggs each in a hollow that they scrape with their feet. From two metres away it looks
            like sand with sand in it, the warden said, and children are not to blame if they cannot see what a hawk
            cannot.

            A rope has been put round the place, and a bench outside the rope, with a telescope that takes no coins.

            Last year’s winners, a family who built the whole of Thralebridge with its mill turning, said that they
            were glad of the extra weeks. They have plans for the viaduct.

            The young should be flying by the end of July. If they are late, so will the castles be, the committee
            decided, with one vote against, from a member aged six.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="who-was-the-woman-in-the-blue-shawl",
        wave=8,
        title="Museum asks who the woman in the blue shawl was",
        byline="Bea Tolland",
        categories=("Culture", "Arts"),
        picture=Picture(
            "harbour",
            "The view behind her: Port Ellery as it looks today.",
            "Bea Tolland/Coast Courier",
            "Boats before a town",
        ),
        text="""
            PORT ELLERY — She stands on the fish quay with a basket on her hip and looks at whoever is holding the
            brush as if he ought to be doing something useful. The small museum at Port Ellery would like to know who
            she was. It has owned her portrait since the spring, when a house was cleared, and has had three answers
            already.

            The picture is not signed. It was painted out of doors, for there is sand in the sky, and it can be dated
            to within two years by the boat behind her, which was launched in 1907 and lost in 1909.

            What everyone notices is the shawl. It is of a blue that was not sold on this coast, where widows and
            wives alike wore brown, and the painter took more care with it than with the harbour.

            Two families say that she was a great-aunt of theirs, and each has a photograph to prove it. Laid side by
            side, the photographs show the same woman, who appears to have been married twice and to have mentioned it
            to nobody.

            The portrait hangs by the door until the end of the summer. There is a book beside it for those who know
            better, and a pencil on a string.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="bandstand-gets-its-roof-back",
        wave=12,
        title="Bandstand gets its roof back, in eight pieces",
        byline="Idris Vane",
        categories=("Town", "What’s on"),
        picture=Picture(
            "village",
            "The front at Lanmouth, with room for a bandstand.",
            "Bea Tolland/Coast Courier",
            "Houses by the sea",
        ),
        text="""
            LANMOUTH — Eight slices of painted iron went along the front on the back of a hay wagon this morning, at
            walking pace, with a policeman in front and a good part of the infants’ school behind. By noon six of them
            were up. They are the roof of the bandstand, which the February gale had lifted off and set down on the
            bowling green.

            The bowls club had asked for it to be taken away at once, and has since asked whether it might have the
            old one’s finial, which stuck upright in the turf and has been much admired.

            Iron of that thickness is no longer rolled. The pieces were made by the boatyard at Port Ellery, which
            bends steel for a living and had the right curve on its shelf, from a lifeboat.

            Insurance paid for the half of it. The rest was given in sums of between fifty pence and £2,000, the
            larger of them by a summer visitor who wishes to be known only as a person who once proposed there and was
            accepted.

            The first concert will be on the second Sunday in June. The town band has promised not to play anything
            too loud until the paint is dry.
        """,
    ),
)
