# ruff: noqa: E501 (Japanese and Chinese letters count two columns)
"""Invented stories and forms, in several languages, for `copies.py`. Texts only: whole stories, and forms with slots.

A form is what many houses print daily with other facts in it. Its slots are filled from lists, so that two fillings are
two stories in nearly the same words. Where a list stands under HELD, that form is used for scoring only.
"""

STORIES: dict[str, list[str]] = {
    "de": [
        """Der Gemeinderat von Altenfurt hat am Dienstagabend beschlossen, die alte Holzbrücke über die Lahre nicht
abzureißen, sondern für den Radverkehr herzurichten. Elf Mitglieder stimmten dafür, vier dagegen.

Die Brücke ist seit dem Hochwasser vor drei Jahren gesperrt. Ein Gutachten kam zu dem Schluss, dass die Pfeiler noch
mindestens vierzig Jahre halten, wenn die Bohlen ersetzt und die Geländer erhöht werden. Die Kosten schätzt das Bauamt
auf 380.000 Euro, von denen das Land die Hälfte übernehmen will.

„Wir haben lange genug auf diese Brücke geschaut und uns nicht getraut“, sagte Bürgermeisterin Helga Brandmeier nach
der Sitzung. Die Gegner hatten auf die jährlichen Kosten für den Winterdienst hingewiesen und einen Neubau weiter
flussabwärts gefordert, wo der Weg breiter ist.

Mit den Arbeiten soll im April begonnen werden. Bis dahin bleibt der Umweg über die Mühlenstraße ausgeschildert, der
nach Angaben des Fahrradvereins für Schulkinder gefährlich ist, weil dort ein Gehweg fehlt.""",
        """In der Stadtbücherei von Neuwerder kann man seit Montag auch Saatgut ausleihen. In einem alten Karteischrank
liegen mehr als hundert Tütchen mit Bohnen, Tomaten und Kräutern, die von Gärtnerinnen und Gärtnern aus der Umgebung
gespendet wurden.

Wer sich ein Tütchen nimmt, soll im Herbst eigene Samen zurückbringen, verpflichtet ist dazu niemand. „Bücher kommen ja
auch nicht immer zurück“, sagt die Leiterin Ruth Oelsner und lacht. Sie hat die Idee von einer Reise mitgebracht und ein
halbes Jahr lang nach Sorten gesucht, die früher in der Gegend angebaut wurden.

Am begehrtesten ist bisher eine blaue Stangenbohne, die nur noch zwei Höfe hatten. Für sie gibt es eine Warteliste. Im
März zeigt der Imkerverein, wie man Samen sauber trocknet und aufbewahrt, der Eintritt ist frei.""",
    ],
    "fr": [
        """Le marché couvert de Saint-Aubrac rouvrira ses portes samedi matin après quatorze mois de travaux. La
charpente en fonte, rongée par la rouille, a été démontée pièce par pièce, sablée puis remontée par une équipe de
compagnons venus de toute la région.

« On a retrouvé sous la peinture la date de 1891 et les initiales des ouvriers », raconte le chef de chantier, Étienne
Morvan. La municipalité a choisi de les laisser visibles. Le sol a été refait en pierre du pays et les étals disposent
enfin de l'eau courante.

Vingt-six commerçants reprennent leur place, quatre ont renoncé. Le fromager, installé depuis 1974, partage désormais
son comptoir avec sa petite-fille. Les loyers augmentent de six pour cent, ce que l'association des marchands juge
raisonnable au regard des travaux.

L'inauguration est prévue à dix heures en présence de la maire. La circulation sera coupée autour de la place jusqu'au
soir et une navette gratuite partira de la gare toutes les vingt minutes.""",
    ],
    "es": [
        """Los vecinos de Peñalba del Río han conseguido que el último horno de leña del valle vuelva a encenderse. Una
cooperativa de diecinueve socios compró el edificio en otoño y desde el viernes vende pan tres días por semana.

El horno llevaba apagado desde que murió su dueño, hace seis años. La bóveda estaba agrietada y hubo que buscar a un
maestro albañil jubilado que todavía sabía repararla con barro y teja. «Me llamaron cuando ya había guardado las
herramientas», cuenta Anselmo Quiroga, de ochenta y un años.

La harina llega de un molino situado a doce kilómetros y se muele con trigo de la comarca. Cada hogaza cuesta cuatro
euros, algo más que en el supermercado, pero el primer día se agotaron todas antes de las diez.

El ayuntamiento ha cedido la leña de la limpieza de los montes. Si las cuentas salen, la cooperativa quiere contratar
en primavera a dos jóvenes aprendices y abrir también los domingos.""",
    ],
    "ja": [
        """港町の潮見市で、半世紀前に廃線となった鉄道の駅舎が、本と喫茶の店として生まれ変わった。土曜日に開かれた記念の式典には
地元の住民およそ二百人が集まり、改札口の跡で行われたテープカットを見守った。

駅舎は木造平屋建てで、待合室の長椅子や切符売り場の窓口がそのまま残されている。改修を手がけた建築家の真鍋由紀子さんは
「直すところと直さないところを決めるのに一年かかりました。傷も町の記憶ですから」と話す。屋根の瓦は近くの学校の解体で
出たものを譲り受けて使った。

店を営むのは、都会から戻った若い夫婦で、棚には町の人々が寄せた古い本が並ぶ。朝は漁師向けに早くから開け、
夕方には子どもたちが宿題をしに来るという。線路の跡は散歩道として整えられ、来年の春には隣の駅まで歩けるようになる。

市は残る二つの駅舎についても活用の案を募っており、締め切りは来月の末となっている。""",
        """山あいの鳥居野村で、冬の間だけ開かれる小さな天文台が今年も観測を始めた。標高千二百メートルの尾根に建つ丸い屋根の
建物は、村の中学校の元教師が退職金で建てたもので、昨年から住民の有志が運営を引き継いでいる。

初日の夜は雲ひとつなく、参加した親子三十人が順番に望遠鏡をのぞき込んだ。「土星の輪が本当に見えた」と小学四年生の
女の子は声を弾ませた。暖房のない観測室の気温は氷点下八度まで下がり、婦人会が温かい甘酒をふるまった。

運営にかかる費用は寄付と宿泊の売り上げでまかなう。会長の長谷部正さんは「星を見に来た人が、村の暮らしも見て
帰ってくれたらうれしい」と語った。観測会は三月の終わりまで毎週末に開かれ、申し込みは電話で受け付ける。""",
    ],
    "zh": [
        """青石镇的老茶馆上周重新开张，吸引了许多多年没有回来的老街坊。这座两层木楼建于一百多年前，三年前因为屋顶漏雨而
停业，镇上的年轻木匠林学文用了整整一个冬天，把腐烂的梁柱一根一根换了下来。

“我爷爷当年就是在这里学会下棋的，”他说，“我不想让孩子们只在照片里看到它。”楼上的说书台保留了原来的样子，每逢周末
请来邻县的老艺人讲一段旧书，楼下则摆着八张方桌，早晨五点半就坐满了喝早茶的人。

茶馆不设包间，也不收座位费，一壶绿茶可以喝到天黑。镇政府免去了头两年的租金，条件是不能改动门面和招牌。下个月茶馆
还将举办第一届象棋比赛，报名的已经有四十多人，年纪最小的只有九岁。""",
    ],
    "ru": [
        """В посёлке Заречное открылась мастерская, где любой желающий может бесплатно починить сломанную вещь. По средам и
субботам за верстаками дежурят пенсионеры, которые всю жизнь проработали на судоремонтном заводе, и школьники, которым
интересно у них учиться.

За первый месяц принесли сто двенадцать предметов: чайники, велосипеды, швейные машинки и один аккордеон. Починить
удалось почти все. «Люди приходят с утюгом, а уходят с соседями», – говорит Тамара Вельская, которая придумала
мастерскую и уговорила администрацию отдать под неё пустующий гараж.

Инструменты собирали по дворам, станок подарил завод. Единственное правило: хозяин вещи не ждёт в стороне, а помогает.
Осенью здесь хотят устроить курсы для тех, кто никогда не держал в руках паяльник, и уже записались двадцать человек.""",
    ],
    "ar": [
        """أعلنت بلدية وادي الزيتون عن افتتاح أول مكتبة متنقلة في المنطقة، وهي حافلة قديمة أعاد شبان القرية إصلاحها خلال
الشتاء الماضي. وتحمل الحافلة أكثر من ألف كتاب للأطفال والكبار وتزور كل يوم قرية مختلفة في الجبال.

وقالت المشرفة على المشروع سلمى الخطيب إن الفكرة بدأت عندما أغلقت المكتبة القديمة أبوابها بسبب تسرب المياه من السقف.
وأضافت أن السكان تبرعوا بالكتب والرفوف، وأن سائق الحافلة معلم متقاعد يعرف كل بيت في الوادي.

وستبقى المكتبة مفتوحة حتى المساء في أيام السوق، ويمكن للقراء إعادة الكتب في أي قرية تمر بها. وتأمل البلدية أن تتمكن من
شراء حافلة ثانية قبل نهاية العام إذا وصلت التبرعات الموعودة.""",
    ],
    "hi": [
        """पहाड़ी गाँव देवलखेत में महिलाओं ने मिलकर पुराने जल स्रोत को फिर से जीवित कर दिया है। दस साल से सूखा पड़ा यह
धारा पिछले सप्ताह की बारिश के बाद फिर बहने लगा और गाँव के लोगों ने उसके किनारे दीप जलाए।

समूह की अध्यक्ष कमला रावत ने बताया कि उन्होंने तीन सर्दियों तक ढलान पर छोटे गड्ढे खोदे और बाँज के पौधे लगाए ताकि
पानी ज़मीन में रुक सके। शुरू में लोग हँसते थे, लेकिन अब पड़ोस के चार गाँव उनसे सीखने आ रहे हैं।

पानी को पीने योग्य बनाने के लिए पत्थर की टंकी बनाई गई है, जिसका खर्च चंदे से पूरा हुआ। अगले महीने स्कूल के बच्चे
पूरे रास्ते पर पौधों की गिनती करेंगे और उसका नक्शा पंचायत भवन में लगाया जाएगा।""",
    ],
}

PRESS = [
    """The Tidewater Trust today announced that it will open a new training centre for boat builders at the former rope
works in Eastquay. The centre, which is expected to welcome its first apprentices in September, will offer a two-year
course in traditional and modern methods.

"This is a proud day for everyone who has fought to keep these skills alive," said Marian Holt, chief executive of the
Tidewater Trust. "We are grateful to the council, to our donors and above all to the retired builders who have agreed to
teach."

The rope works closed in 1996 and has stood empty since. Work to make the roof safe began last winter and is due to be
finished by the end of June. The total cost of the project is 2.4 million, of which the Trust has raised three quarters.

Applications for the first twelve places open next month. No previous experience is required, and bursaries are
available for those who would otherwise be unable to take part.""",
    """Northfell Energy and the Upper Vale Community Cooperative have signed an agreement to build four wind turbines on
the ridge above Carrow. The turbines will supply enough electricity for some 6,000 homes, and a share of the income will
be paid into a village fund every year.

"We have listened to people here for three years and changed our plans twice," said Jonas Prewitt, who leads the project
for Northfell Energy. "The result is smaller, quieter and further from the houses than the one we began with."

Residents will be able to buy shares in the cooperative from as little as fifty crowns. A public meeting will be held in
the parish hall to answer questions about noise, birds and access roads.

Construction is planned to start next spring, subject to approval by the regional planning board, and the first turbine
should be turning before the end of the following year.""",
]

REWORDINGS = [
    ("today announced", "has announced"),
    ("is expected to", "should"),
    ("are grateful to", "want to thank"),
    ("is due to be finished", "should be complete"),
    ("is required", "is needed"),
    ("have signed", "signed"),
    ("some 6,000", "about 6,000"),
    ("is planned to start", "will begin"),
    ("as little as", "only"),
]

NAMES = ["Marsh", "Okafor", "Lindqvist", "Prentice", "Dunmore", "Varga", "Hollis", "Tennant", "Quayle", "Rossi"]
FIRST = ["Alan", "Beth", "Carl", "Dora", "Edwin", "Freya", "Gwen", "Hugo", "Iris", "Jonah"]
TOWNS = ["Eastquay", "Carrow", "Millbrook", "Stonehaven", "Larkfield", "Ashby", "Brackwater", "Thornley", "Upwell"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
STREETS = ["Mill Lane", "Harbour Street", "Station Road", "Church Hill", "Dock Row", "Queen Street", "Orchard Way"]
COMPANIES = ["Alder Foods", "Brightwater", "Corvid Steel", "Dunlin Air", "Elmtree", "Fathom", "Gannet Lines", "Hexham"]
SKIES = ["sunny spells", "drizzle", "thick cloud", "showers", "mist", "clear skies", "light rain"]
WINDS = ["north", "south", "west", "east", "north-west", "south-east"]
TAGE = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]
ORTE = ["Altenfurt", "Neuwerder", "Birkenau", "Hohenfeld", "Seeburg", "Lindhorst", "Waldrode"]
STRASSEN = ["Mühlenstraße", "Bahnhofstraße", "Gartenweg", "Lindenallee", "Hafenstraße"]
JOURS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
VILLES = ["Saint-Aubrac", "Montrevel", "Calvignac", "Port-Liévin", "Rochemaure"]
SHI = ["潮見市", "鳥居野村", "青葉町", "北原市", "松川町", "白浜町"]
MEI = ["佐々木", "真鍋", "長谷部", "小野寺", "藤堂", "三浦"]
HOUXIANG = ["東", "西", "南", "北", "北西", "南東"]

FORMS: dict[str, str] = {
    "weather": """The day will begin with {sky} over {town} and the coast, and temperatures of {n} degrees before
breakfast. By noon it will reach {n} degrees inland and {n} at the shore, with a {wind} wind of {n} kilometres an hour and
gusts of up to {n} on the headlands. Towards evening {sky} will spread from the hills. The night will be quiet, with a
low of {n} degrees in the valleys. Sailors should expect waves of {n}.{d} metres in the sound and take the usual care at
the harbour bar. The chance of rain is {n} per cent. The outlook for the rest of the week is for little change, and the
office will publish its next forecast at six o'clock tomorrow morning as usual on this page and on the harbour board.""",
    "market": """Shares on the coast exchange closed higher on {day} after a quiet session in which traders waited for
news from abroad. The main index rose {n} points, or {n}.{d} per cent, to {n}{n}. {company} led the risers with a gain of
{n}.{d} per cent, followed by {company}, which added {n}.{d} per cent. At the other end of the list {company} lost {n}.{d}
per cent. The crown was little changed at {n}.{d}{d} to the dollar, and a barrel of oil cost {n}.{d}{d}. Volume was {n}
million shares, compared with {n} million the day before. Analysts said that the market was likely to stay within its
recent range until the figures on employment are published, and advised small savers not to read too much into it.""",
    "match": """{town} beat {town} {s}-{s} at home on {day} in front of a crowd of {n}{n}. The visitors started the better
and had two good chances in the opening minutes, but it was the home side who took the lead when {name} headed in a
corner from the left. {name} made it two before the break with a low shot from the edge of the area. After the interval
{town} pushed forward and were rewarded when {name} scored from the penalty spot after a foul. There were nervous moments
at the end, but the defence held firm and the points stayed at home. The manager, {first} {name}, said that he was proud
of his players and that there was still a long way to go this season. The next match is away from home in a week's time,
and supporters can buy their tickets at the club shop from noon, as always, or at the gate on the day.""",
    "police": """Police are appealing for witnesses after a man was seriously hurt in a collision in {town} on {day}
evening. The {n}-year-old cyclist was riding along {street} when he was struck by a silver car, which did not stop. He was
taken to the district hospital, where he was said to be in a stable condition. Officers closed the road for several hours
while they examined the scene. Sergeant {first} {name}, who leads the inquiry, said that somebody must have seen the car
either before or after the collision and asked drivers who were in the area to look at the recordings of their cameras.
Anybody who can help is asked to call the traffic desk on 0800 555 010, at any time, or to visit the nearest station.""",
    "obituary": """{first} {name}, who taught at {town} school for many years, died at home on {day} after a short
illness. A kind and patient teacher, {first} {name} will be remembered by generations of pupils for a love of music and
for the summer plays that were given on the green. The family has asked for no flowers. The funeral will be held at the
parish church in {town} and everybody is welcome, and afterwards in the hall, where there will be tea and an opportunity to
share memories. Donations may be made to the lifeboat, a cause that was close to the heart of all who lived by the sea.
A full appreciation will be printed in next week's paper, and letters from former pupils are welcome at the usual address.""",
    "roadworks": """Drivers in {town} are warned to expect delays from {day}, when work to replace the water main under
{street} begins. The road will be closed between the crossing and the bridge for {n} days, and a diversion will be
signposted by way of {street}. Buses on route {n} will not stop at the library while the work goes on. Access for
residents and emergency services will be kept open at all times. The water company has apologised for the inconvenience
and says that the old pipe, which has burst several times in recent winters, can no longer be repaired. Leaflets have been
delivered to all households, and staff will be on hand in the mobile office beside the church to answer questions.""",
}

HELD_FORMS: dict[str, str] = {
    "lottery": """The winning numbers in the harbour lottery drawn on {day} night were {n}, {n}, {n}, {n}, {n} and {n}, with
the bonus ball {n}. One ticket, bought in {town}, matched all six and wins the top prize of {n}{n} crowns. A further {n}
players matched five numbers and will receive {n}{n} crowns each. Winners have ninety days to claim their prizes at the
office on the quay or at any post office, and must bring the ticket and proof of who they are. The next draw takes place
at eight o'clock, when the top prize will begin again at its usual sum. Players are reminded to keep to what they can
afford, and can find free and confidential advice on the back of every ticket and at the counter of every shop.""",
    "court": """{first} {name}, {n}, of {street}, {town}, appeared before the district court on {day} and admitted driving
without insurance. The court heard that officers stopped the car during a routine check and found that the policy had run
out some weeks before. The defence said that it had been an oversight, that the renewal had gone to an old address, and
that there had been no accident and no earlier conviction. The bench took the early plea into account. The fine was set at
{n}{n} crowns, with costs and a surcharge on top, to be paid within four weeks, and six points were added to the licence.
The chairman of the bench said that everybody who drives must make sure that the papers are in order before setting out.""",
    "kino": """The film club at {town} will show a restored classic at the community hall on {day} at half past seven.
Doors open at seven and there will be a short introduction by {first} {name}, who has written about the director. Tickets
cost five crowns and may be reserved by telephone or bought on the night while seats last; members go free. The bar will be
open before the film and in the interval, and the hall is fully accessible, with a loop for those who use hearing aids.
The club meets twice a month in winter and welcomes new members of any age. Its full programme can be picked up at the
library and at the baker's, and anybody who would like to help with the projector is asked to speak to the committee.""",
    "polizei": """Bei einem Unfall in der {strasse} in {ort} ist am {tag} ein {n}-jähriger Radfahrer verletzt worden. Nach
Angaben der Polizei hatte eine {n} Jahre alte Autofahrerin beim Abbiegen den Mann übersehen, der auf dem Radweg in
Richtung Innenstadt unterwegs war. Der Radfahrer stürzte und musste mit dem Rettungswagen in ein Krankenhaus gebracht
werden, Lebensgefahr besteht nach ersten Erkenntnissen nicht. Der Sachschaden wird auf rund {n}00 Euro geschätzt. Die
Straße war für die Dauer der Unfallaufnahme halbseitig gesperrt, es kam zu Behinderungen im Berufsverkehr. Zeugen werden
gebeten, sich unter der bekannten Telefonnummer bei der Wache zu melden, insbesondere der Fahrer eines weißen Lieferwagens.""",
    "meteo": """Le ciel restera couvert {jour} matin sur {ville} et les environs, avec des températures comprises entre {n}
et {n} degrés au lever du jour. Dans l'après-midi, les éclaircies gagneront du terrain par l'ouest et le thermomètre
grimpera jusqu'à {n} degrés à l'ombre. Le vent soufflera à {n} kilomètres à l'heure avec des rafales à {n} sur le littoral.
La soirée sera calme et la nuit fraîche, {n} degrés au plus bas dans les vallées. Les marins sont invités à la prudence à
la sortie du port en raison d'une houle résiduelle. La tendance pour les jours suivants est à une amélioration lente, et le
prochain bulletin paraîtra demain à la même heure, comme d'habitude, sur cette page et sur les panneaux de la mairie.""",
    "tenki": """{shi}の{jour_ja}曜日は朝から雲が広がり、昼過ぎには弱い雨が降る見込みだ。気象台によると、最低気温は{n}度、最高気温は
{n}度で、平年より{n}度ほど低い。風は{kaze}の風が毎秒{n}メートル、沿岸では波の高さが{n}メートルに達する。降水確率は午前が{n}パーセント、午後が
{n}パーセントとなっている。夜には雨がやみ、山沿いでは霧の出るおそれがあるため、気象台は車の運転に注意するよう呼びかけている。この先
一週間は大きな天気の崩れはなく、次の予報は明日の朝六時に発表される。""",
    "jiko": """{shi}の県道で{jour_ja}曜日の夕方、乗用車と自転車が衝突する事故があり、自転車に乗っていた{shi}の会社員{mei}さん（{n}）が
足の骨を折る重傷を負った。警察によると、乗用車を運転していた{mei}さん（{n}）にけがはなく、現場は信号機のない交差点だった。警察は双方から
話を聞くとともに、付近の防犯カメラの映像を調べるなどして事故の詳しい原因を調べている。現場は見通しのよい直線道路で、近くの住民は
「夕方は西日がまぶしく、前から危ないと思っていた」と話していた。""",
}

LISTS = {
    "name": NAMES,
    "first": FIRST,
    "town": TOWNS,
    "day": DAYS,
    "street": STREETS,
    "company": COMPANIES,
    "sky": SKIES,
    "wind": WINDS,
    "tag": TAGE,
    "ort": ORTE,
    "strasse": STRASSEN,
    "jour": JOURS,
    "ville": VILLES,
    "shi": SHI,
    "mei": MEI,
    "kaze": HOUXIANG,
    "jour_ja": list("月火水木金土日"),
}

FOOTERS = [
    "The post appeared first on Harbour Herald.",
    "Subscribe to our newsletter and never miss a story. Call the desk on 0555 10 20 30.",
    "© 2026 Coast Courier. All rights reserved. Reproduction in whole or in part is forbidden.",
    "Do you know more about this story? Write to the newsroom at Quay House, 14 Dock Row, Eastquay.",
    "Follow Us On Every Channel Share This Story Print Email Listen Save For Later",
]
HEADS = [
    "EASTQUAY — From our own correspondent.",
    "Updated at 14:35. Reading time: 3 minutes.",
    "Photo: Beth Hollis for the Coast Courier, used with permission.",
    "News | Local | Coast | Tuesday 24 November 2026",
]
MIDDLES = [
    "SEE ALSO: Ferry fares to rise in spring, council says",
    "Read more: Ten Walks With a View, Chosen by Our Readers",
    "Advertisement. The story continues below.",
]
TITLES = [
    "A long wait comes to an end",
    "What You Need to Know About the News Everyone Is Talking About",
    "Neighbours celebrate",
    "Council, Trust and Volunteers: How It All Began",
]

TAILS = [
    "The post A Long Wait at the Quay Comes to an End appeared first on Harbour Herald.",
    "Continue reading at the Coast Courier, where this article was first published.",
    "Read the full story from Harbour Herald and sign up for our newsletter.",
    "© 2026 Coast Courier. All rights reserved.",
    "Click here to read more from Valley Letter",
    "Follow us on all channels and subscribe to our weekly newsletter.",
]
