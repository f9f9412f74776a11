"""Harbour Daily's stories."""

from syndication.demo.story import Correction, Picture, Story

_PARTNER = "harbour-daily"

STORIES = (
    Story(
        partner=_PARTNER,
        slug="dredger-leaves-port-ellery",
        wave=0,
        minutes_before=1620,
        title="Dredger leaves Port Ellery with the channel a metre deeper",
        byline="Tor Bright",
        categories=("Harbour", "Shipping"),
        summary="After eleven weeks the dredger Patience has gone, and ships of four metres’ draught can come in"
        " at any tide.",
        picture=Picture(
            "harbour",
            "The channel on the morning after the dredger left.",
            "Tor Bright/Harbour Daily",
            "Boats on calm water",
        ),
        text="""
            The dredger Patience left Port Ellery on Thursday’s evening tide, eleven weeks after she came, with the
            pilots’ launch sounding its horn beside her as far as the outer buoy.

            She leaves behind a channel of 5.2 metres at the lowest tide, one metre more than before. Coasters that
            had to wait outside for half a day can now come to the quay when they arrive, harbour master Ingrid Sorley
            said.

            “It sounds like a small thing, a metre,” she said. “To a captain with forty tonnes of seed potatoes and a
            crew that wants its supper it is the difference between this port and the next one.”

            The work cost £410,000, of which the harbour trust paid half out of its own reserve. The rest was a loan
            from the county, to be repaid from harbour dues over twelve years.

            Most of what was lifted is clean sand. It has been pumped ashore at Lanmouth Sands, where the winter
            storms had taken the beach down to the clay. Among the rest were nine anchors, a church bell without its
            clapper and a bicycle, which its owner has been to collect.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="harbour-cat-retires",
        wave=0,
        minutes_before=3180,
        title="Harbour cat retires after eleven years on the payroll",
        byline="Mara Quill",
        categories=("Harbour",),
        summary="Bosun, who was paid in herring to keep the net store free of mice, moves in with the lock-keeper.",
        text="""
            Bosun, the grey tom who has kept the net store at Port Ellery free of mice since he walked in out of a
            gale, has retired at the age of about twelve.

            His name has stood in the harbour trust’s wages book for eleven years. The entry reads “one, cat, two
            herring daily, Sundays three”, and has been signed off by each auditor since.

            “Nobody ever had the heart to ask what column he belonged in,” said the trust’s clerk, Hal Redshank. “We
            settled on maintenance.”

            Bosun has moved in with the lock-keeper, whose stove he had been visiting in the afternoons for some time.
            The post will be filled. Three candidates from the farm at Brannoc Point were seen on Wednesday; two of
            them fell asleep during the interview, and the third was appointed.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="skerrow-ferry-on-sundays",
        wave=1,
        minutes_before=95,
        title="Skerrow ferry will sail on Sundays from the first of June",
        byline="Tor Bright",
        categories=("Harbour", "Transport"),
        summary="For the first time since the war the island will have a boat on all seven days of the week.",
        picture=Picture(
            "harbour",
            "The Guillemot, which will take the Sunday crossings, at her moorings.",
            "Tor Bright/Harbour Daily",
            "Three boats at their moorings",
        ),
        correction=Correction(
            wrong="An adult return will cost £9.50 on all seven days",
            right="An adult return will cost £7.50 on all seven days",
            note="an earlier version of this story gave the adult return fare as £9.50. It is £7.50. We are sorry.",
        ),
        text="""
            The ferry to Skerrow Island will sail on Sundays from the first of June, the harbour trust decided last
            night. It will be the first Sunday boat since the war, when the crossing was run by the navy and asked
            nobody’s leave.

            There will be three crossings each way, at nine, at one and at half past five. An adult return will cost
            £9.50 on all seven days, and islanders will go on paying half.

            The island’s own council had voted on the question four times in thirty years. The last vote, in March,
            was 121 in favour to 58 against, with a note from the minister that he would move the evening service to
            suit the boat.

            “What changed is that our children went to school over there and would like to be able to come home,” said
            Olwen Kittow, who keeps the island shop. “You cannot argue with that on a Sunday or any other day.”

            The trust will take on two more hands. It expects the boat to lose a little money in its first year and to
            pay its way by its third. If it does not, the islanders have asked to be told before the newspapers are.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="lifeboat-and-the-dog-at-the-wheel",
        wave=1,
        minutes_before=42,
        title="Lifeboat brings in a crab boat with only a dog aboard",
        byline="Mara Quill",
        categories=("Harbour", "Sea"),
        summary="The skipper had stepped on to a mooring buoy to free a rope. The boat, and the dog, went on "
        "without him.",
        text="""
            The Port Ellery lifeboat was called out before dawn today to a crab boat that was going round in wide
            circles off Cape Hollin, with her engine running and a terrier at the wheel.

            Her skipper, Jory Pellow, was found a mile away, sitting on a mooring buoy. He had stepped across to free
            a rope that had fouled it, he told the crew, and had turned round to see his boat leave.

            “He was cold and he was cross, but there was nothing else wrong with him,” said the coxswain, Rhoda
            Seaborne. “The first thing he asked was who had the boat. We had to tell him that as far as we could see,
            Biscuit did.”

            Two of the lifeboat’s crew got aboard at the third attempt and put the engine out of gear. The dog, they
            said, gave up her post without complaint, and ate a sandwich on the way in.

            Mr Pellow has asked the station to let it be known that he will be buying the drinks on Saturday, and that
            the engine now has a cord that stops it.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="evening-auction-at-the-fish-market",
        wave=2,
        title="Fish market tries an auction in the evening",
        byline="Tor Bright",
        categories=("Harbour", "Fishing"),
        summary="Day boats will be able to sell what they land on the day they land it, without waiting for five"
        " in the morning.",
        picture=Picture("harbour", "Day boats coming home past the market quay.", "Harbour Daily", "Sails by a quay"),
        text="""
            Port Ellery fish market will hold an auction at seven in the evening on Tuesdays and Fridays, beside the
            one at five in the morning that it has held for a hundred and thirty years.

            The evening sale is meant for the day boats, which leave at first light and are home by four. Until now
            their catch lay on ice overnight and was sold as yesterday’s. “It was fresh fish with a birthday,” said
            Silas Corrow, who fishes for mackerel alone. “The buyers knew it, and so did the mackerel.”

            Eleven boats and six buyers have put their names down for the first month. Two of the buyers keep
            restaurants and have never been to the morning sale, which one of them described as an hour that does not
            exist.

            The market will keep a tenth of the price, as in the morning. It will also keep the bell, but has agreed
            after letters from the neighbours that in the evening it will be rung by hand, and once.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="fog-holds-the-arvensis-off-the-bar",
        wave=6,
        title="Fog holds three ships off the bar for a second day",
        byline="Mara Quill",
        categories=("Weather", "Shipping"),
        summary="The wind that would clear it is not expected before tomorrow night. The pilots are playing cards.",
        picture=Picture(
            "storm", "The bar at noon, when it could be seen.", "Mara Quill/Harbour Daily", "Low cloud over grey water"
        ),
        text="""
            Three ships are lying at anchor off the bar at Port Ellery, and have been since yesterday morning, in fog
            so thick that the outer buoy cannot be seen from the pilots’ launch when it is tied to it.

            The largest, the Arvensis, has timber aboard for the boatyard. The second is the bread boat, as she is
            called here, with flour for the island. The third has so far declined to say what she is, except that she
            is in no hurry.

            It is the longest fog of the spring for nine years, by the harbour’s own log. It comes from warm air over
            water that is still at seven degrees, and it will stay until the wind goes round to the north-west, which
            the coastal forecast expects tomorrow after dark.

            Skerrow has flour until Friday. The island’s baker, asked whether she was worried, said that she had once
            been through eleven days of it, and that people had been surprisingly polite about oatcakes.

            The ferry is running, slowly, and with a man in the bow.
        """,
    ),
    Story(
        partner=_PARTNER,
        slug="cape-hollin-light-stays-lit",
        wave=10,
        title="Cape Hollin light will stay lit when its cottage is sold",
        byline="Tor Bright",
        categories=("Harbour", "Sea"),
        summary="Whoever buys the keepers’ cottage must put up with twelve seconds of dark and one of very bright "
        "light.",
        text="""
            The keepers’ cottage at Cape Hollin is for sale, but the lighthouse that stands in its garden is not, the
            harbour trust said today, after a week of worried letters.

            The light will go on showing one flash every twelve seconds, as it has since 1871. It has looked after
            itself since the last keeper left, with a visit each quarter from a woman with a cloth and a spanner.

            “We have had people ask if it could be turned down at night,” said the agent, Celia Birkhall. “I have
            explained as gently as I could that the night is rather the point.”

            The cottage has three rooms, walls a metre thick, and a well. Its buyer must let the trust’s engineer
            pass, must plant nothing taller than a gooseberry on the seaward side, and will be given a set of curtains
            that were made for the house in 1904 and let in no light whatever.

            Offers close at the end of next month. There have been nine so far. One is from a retired pilot, who
            writes that he has looked at the place from the other side for forty years and would like to see the view.
        """,
    ),
)
