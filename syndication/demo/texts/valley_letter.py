"""Valley Letter's stories."""

from syndication.demo.story import Picture, Story

_PARTNER = "valley-letter"

STORIES = (
    Story(
        partner=_PARTNER,
        slug="library-lends-tools",
        wave=0,
        minutes_before=1980,
        title="Thralebridge library lends ladders as well as books",
        byline="Nell Corrow",
        categories=("Culture", "Books"),
        summary="A drill is used for thirteen minutes in its life, the librarian read somewhere. Hers are now out most "
        "weekends.",
        picture=Picture("village", "Library Row in Thralebridge.", "Nell Corrow", "A row of houses"),
        text="""
            Since the first of the month a reader’s ticket at Thralebridge library has been good for a book, a film,
            or a ladder of up to three metres.

            There are sixty-two things on the new shelves, all of them given: drills, a tile cutter, a preserving pan,
            two sewing machines, a tent. They may be kept for a week, and must come back clean.

            The idea is the librarian’s. Dorrit Inchbald had read that a drill is used for thirteen minutes between
            the shop and the tip. “I thought, we have been lending things that people use once since 1889,” she said.
            “We even have the stamp.”

            In three weeks there have been 140 loans and one loss, a spirit level, whose borrower has confessed and is
            building a shed. The longest list of names is waiting for the carpet cleaner.

            Borrowing is free. A tool that comes back broken is mended on Thursday evenings by four men who used to
            meet in the pub, and who say that the light is better.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="saturday-market-stays-on-the-square",
        wave=0,
        minutes_before=5830,
        title="Council keeps the Saturday market on the square",
        byline="Anselm Pike",
        categories=("Town hall", "Council"),
        summary="A plan to move the stalls to the station yard failed by one vote, after three hours and a "
        "petition on a cheese cloth.",
        text="""
            The Saturday market at Thralebridge will stay on the square. A plan to move it to the station yard failed
            by eight votes to seven in the town council on Wednesday night.

            The plan’s friends spoke of traffic, of drains, and of the ease of parking by the railway. Its opponents
            brought a petition with 1,900 names, which had been written on a cheese cloth for want of a longer sheet
            of paper.

            The debate took three hours. Councillor Ursel Holloway, who had drafted the plan, thanked the stallholders
            for the cloth, said that she did not agree with one thread of it, and asked whether the drains at least
            might be seen to.

            That was carried without a vote. Work on them is to begin in the autumn, on a Monday, and end before a
            Saturday.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="river-gates-close-in-earnest",
        wave=1,
        minutes_before=150,
        title="Thrale flood gates close in earnest for the first time",
        byline="Anselm Pike",
        categories=("Weather", "River"),
        summary="The highest spring tide for twelve years met the new gates below Thralebridge at ten past four this "
        "morning. Behind them the river stayed in its bed.",
        picture=Picture(
            "storm",
            "Cloud over the river mouth on the evening before the tide.",
            "Nell Corrow",
            "Dark cloud over water",
        ),
        text="""
            The new flood gates below Thralebridge closed at ten past four this morning for the first time outside a
            trial, and kept the highest spring tide for twelve years out of the town.

            On the seaward side the water rose to 4.38 metres, eleven centimetres above the old quay wall. On the
            landward side it stood at 2.90, and the ducks did not leave the steps by the mill.

            “Nothing happened, and I have never been so pleased to see nothing,” said the gatekeeper, Merryn Quarrier,
            who had been at her post since midnight with a lamp, a telephone and a large pie.

            The gates cost the valley £6.2 million and four years of arguments. They were finished in October. Twelve
            years ago the same tide, with the same wind behind it, went through 212 houses in the lower town, and the
            lines that people scratched into their door posts can still be seen in Mill Lane.

            In Mill Lane this morning, doors stood open and sandbags lay dry on the steps. Yestin Varrow, who lives at
            number nine, had carried his carpets upstairs all the same. He would carry them down again after the
            evening tide, he said, and not before.

            The next one of that height is due in the last week of September. The gates will be tried once a month
            until then, always on a Tuesday, at an hour that will be posted at the town hall.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="brass-band-finds-its-marches",
        wave=1,
        minutes_before=65,
        title="Brass band finds its lost marches in an organ loft",
        byline="Nell Corrow",
        categories=("Culture", "Arts"),
        summary="Twenty-three pieces by the band’s founder, put away for safety in 1914, will be played again on Whit "
        "Monday.",
        text="""
            Twenty-three marches by the founder of the Thralebridge Town Band, which nobody living had heard, have
            been found in a tea chest in the organ loft of St Aldan’s.

            Ezra Fairlamb, a wheelwright, wrote them between 1896 and 1913 for whatever players he had. One is scored
            for eleven cornets and a drum. A note on the lid, in his own hand, says that they were put there for
            safety, and that he would be back for them.

            He did not come back from the war, and his widow, it seems, did not know of the chest. The organ tuner
            found it on Friday when a pedal stuck.

            The band’s conductor, Lowenna Amberley, has played through nine of them at the piano. “There are two that
            I cannot stop whistling,” she said, “and one called ‘The Landlord’s Reply’ that goes very fast and ends
            early.”

            Six will be played on the square on Whit Monday. Children of the junior band are copying out the parts,
            since the originals will go to the county museum, where they can be kept dry.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="trees-along-the-old-railway",
        wave=3,
        title="Council to plant six hundred trees along the old railway",
        byline="Anselm Pike",
        categories=("Council", "Countryside"),
        summary="Limes and wild cherries will shade the path from Thralebridge to the sea, a tree for each "
        "sleeper that was sold.",
        picture=Picture("hills", "The line of the old railway below Osmerdale.", "Anselm Pike", "Green hills"),
        text="""
            Six hundred trees will be planted along the old railway from Thralebridge to the sea, the county council
            decided yesterday, so that people who walk or cycle there in summer need not do so in a hat.

            The nine kilometres have been a path since the rails were taken up. There is gravel, there are benches,
            and there is no shade at all, because a railway has no use for leaves.

            Limes, wild cherries and field maples have been chosen, all grown from seed in the valley. Each school
            along the line will plant fifty and look after them through three dry summers, with a water cart that the
            fire brigade no longer needs.

            The money, £38,000, comes from the sale of the sleepers, which had lain in a yard at Lanmouth for eleven
            years and turned out to be oak.

            Planting begins in November. Anyone who wants to have a tree named after a grandmother may write to the
            town hall. Engine numbers will also be considered.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="theatre-company-in-the-barn",
        wave=7,
        title="Theatre company rehearses in a barn while its roof is mended",
        byline="Nell Corrow",
        categories=("Arts", "What’s on"),
        summary="The Mill Theatre’s summer play will open on time, and may be the better for an owl.",
        picture=Picture(
            "village", "Upper Thrale, where the company has found a barn.", "Nell Corrow", "Cottages at dusk"
        ),
        text="""
            The Mill Theatre in Thralebridge has no roof until July, so its company is learning the summer play in a
            barn at Upper Thrale, between a hay rake and a tractor that will not start.

            Rain had been coming in over the third row since Christmas. When the builders lifted the slates they found
            that the beams below them dated from 1790 and had been holding each other up out of habit.

            The farmer, Piran Marram, asks no rent. He had always wondered, he said, what they did all day. He has
            since been given a part, as a farmer, and has had to be asked to say it as it is written.

            A barn owl sits on the tie beam and is the only critic whom the director, Zennor Wetherall, admits to
            fearing. “She left in the second act on Tuesday,” she said. “We have cut the second act.”

            The play opens on the fifth of July, under a new roof if the weather allows, and in the barn if not.
            Tickets are at the library, next to the ladders.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="heavy-rain-expected-along-the-thrale",
        wave=11,
        title="Heavy rain expected along the Thrale by the weekend",
        byline="Anselm Pike",
        categories=("Weather", "River"),
        summary="Fifty millimetres may fall on the fells in a day. The gates can keep out the sea, but not the hills.",
        picture=Picture("storm", "Cloud building over the lower valley.", "Anselm Pike", "Heavy cloud over low land"),
        text="""
            Between forty and fifty millimetres of rain may fall on Cawder Fell between Friday noon and Saturday
            night, the river office said this afternoon, and all of it will want to come through Thralebridge.

            The town’s new gates are of no help with that. They keep out the sea; water from the hills has to be let
            go, and so they will stand wide open. What does help is the meadow at Wetherlow, which the farmers have
            agreed to let flood.

            The river is low for the time of year, and can rise by a metre and a half before anyone gets wet. It is
            expected to rise by a little less. “I would move the car,” said the river warden, Hal Jessamy, “and leave
            the piano.”

            The path under the road bridge will be closed from Friday evening. The market will be held. The rowing
            club has put off its regatta by a week, after a short debate about whether too much water is a reason.
        """,
    ),
)
