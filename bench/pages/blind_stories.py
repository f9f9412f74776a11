"""More stories of our own invention, for the themes that are scored blind; their labels in six more languages."""

from stories import Story, paragraphs

WORDS = {
    "en": (
        "More on this story",
        "Share",
        "Comments",
        "Topics",
        "Save this for later",
        "Buy me a coffee",
        "Advertisement",
    ),
    "sv": ("Läs också", "Dela", "Kommentarer", "Ämnen", "Spara artikeln", "Stöd vår journalistik", "Annons"),
    "tr": ("İlgili haberler", "Paylaş", "Yorumlar", "Konular", "Haberi kaydet", "Bize destek olun", "Reklam"),
    "el": ("Διαβάστε επίσης", "Κοινοποίηση", "Σχόλια", "Ετικέτες", "Αποθήκευση", "Στηρίξτε μας", "Διαφήμιση"),
    "zh": ("相关阅读", "分享", "评论", "标签", "收藏本文", "支持我们", "广告"),
    "ko": ("관련 기사", "공유", "댓글", "태그", "기사 저장", "후원하기", "광고"),
    "he": ("קראו גם", "שיתוף", "תגובות", "תגיות", "שמירת הכתבה", "תמכו בנו", "פרסומת"),
}
"""Related, share, comments, topics, save, support, advertisement."""

TRIAL = Story(
    "trial",
    "en",
    "Clockmaker cleared over the hour that went missing",
    "Tom Ash",
    "2026-03-04T16:40:00+00:00",
    "A jury needed forty minutes, by its own watches, to find that nobody had stolen anything.",
    paragraphs("""
A clockmaker accused of leaving the town of Melby an hour short was cleared on Wednesday, after a jury needed forty minutes to find that no hour had been stolen, only mislaid.

Anselm Pryce, 61, had been charged with neglect after the town hall clock stood still on the last Sunday in October. The market opened late, two weddings ran into one another, and the night ferry left with nobody on board but its crew.

"I wound it as my father wound it," Mr Pryce told the court. "The spring was tired. I have asked for a new one each year since 1998, in writing, and I have kept the answers."

# Eleven letters

The answers, eleven of them, were read aloud by the defence. They thanked him for his letter and assured him that it had been passed on. The twelfth letter, the prosecution argued, should have been a telephone call.

Judge Orla Senn told the jury that they were not asked whether the clock had stopped, which nobody disputed, but whether a reasonable person would have climbed the tower in the storm of that weekend to start it again by hand.

> He kept better time in his letters than the town did in its budget.

A spokesman for the council said that a spring had been ordered and would arrive in the second half of the year. Asked which month, he looked at the clock.
"""),
    "The Melby Messenger",
)

ORCHARD = Story(
    "orchard",
    "en",
    "Seven things an old orchard teaches you about patience",
    "Nan Oakley",
    "2026-04-02T07:00:00+01:00",
    "Notes from a year among trees that were planted by people who knew they would not eat from them.",
    paragraphs("""
Last spring I took over forty apple trees from a neighbour who could no longer climb a ladder. I was told that they would look after themselves. They have, mostly; it was I who needed looking after.

# 1. Nothing happens in March

You will stand under the branches every morning, and nothing will have happened. Then you go to town for one day, and everything has. Do not go to town.

# 2. The best apple has a bad side

Every apple I kept for show went soft by Christmas. The scabby ones from the north row were still firm in April, and sweeter for the wait.

# 3. Sheep are not gardeners

They prune what they can reach, which is everything you wanted to keep. A wire at the height of a child's chin has ended our disagreement.

# 4. Somebody has been here before you

In the fork of the oldest tree I found a pruning knife, grown in up to the handle. I have left it there. It holds up a bird's nest, and a point of view.

The other three things I have promised to keep to myself until they turn out to be true.
"""),
    "Notes from the Row",
)

PORT = Story(
    "port",
    "en",
    "Port Ellery signs ten-year contract for electric pilot boats",
    "Press Office",
    "2026-05-20T10:00:00+01:00",
    "The first of four boats will enter service in spring 2027.",
    paragraphs("""
PORT ELLERY, 20 May 2026 – The Port Ellery Harbour Board has signed a contract for four electric pilot boats, to be built over the next three years at the Skarn yard and maintained there for ten.

The boats will replace a diesel fleet that is on average 31 years old. Each of them carries two pilots and a crew of two, and can make four trips to the outer roads before it must be charged again.

"A pilot boat spends most of its life waiting with its engine running," said Ida Roe, chairwoman of the board. "These will wait in silence. The cormorants have already been informed."

The contract is worth 11.4 million crowns, of which the county pays a third. The first boat is to enter service in the spring of 2027, the last one in the autumn of 2029.

Charging points will be installed at the old coal berth and at the lighthouse quay. Work on the cables begins in June and will close the quay to vehicles for nine days.
"""),
    "Port Ellery Harbour Board",
)

SWEDISH = Story(
    "sv",
    "sv",
    "Bron till Tarnö öppnar igen efter tre år",
    "Elsa Bergdahl",
    "2026-04-14T06:30:00+02:00",
    "Öborna slipper färjan, men många säger att de kommer att sakna den.",
    paragraphs("""
Efter tre år och två entreprenörer öppnar bron till Tarnö för trafik på torsdag. Det meddelade länsstyrelsen på måndagen, och samma kväll hängde någon upp en skylt vid färjeläget: Tack för kaffet.

Bron stängdes våren 2023 när dykare hittade sprickor i det tredje fundamentet. Sedan dess har de 412 öborna åkt färja, en resa på elva minuter som har blivit öns viktigaste mötesplats.

– Man hann prata färdigt, säger Gun Åkerlind, som har sålt kaffe ombord. På en bro hinner man bara vinka.

# Dyrare än planerat

Reparationen har kostat 38 miljoner kronor, nio mer än det var tänkt. Pengarna tas från underhållet av vägarna på fastlandet, något som kommunalrådet kallar för en fråga om ordning snarare än om pengar.

Färjan blir kvar till i juni. Därefter ska den säljas, om någon vill ha den, eller läggas upp vid den gamla varvskajen.
"""),
    "Kustbladet",
)

TURKISH = Story(
    "tr",
    "tr",
    "Eski değirmenin çarkı kırk yıl sonra yeniden döndü",
    "Defne Aralı",
    "2026-05-03T10:00:00+03:00",
    "Köylüler taş değirmeni kendi elleriyle onardı.",
    paragraphs("""
Dere kıyısındaki eski un değirmeninin çarkı, kırk yıl aradan sonra pazar günü yeniden döndü. Köy meydanında toplanan yaklaşık iki yüz kişi, ilk un çuvalı dolana kadar yerinden kalkmadı.

Değirmen 1986 yılındaki selden sonra kapanmış, taşları bahçelere merdiven olmuştu. Köyün emekli öğretmeni Halime Sorgun, taşları tek tek aradı ve sahiplerinden geri istedi.

"Kimse hayır demedi, ama herkes bir çay içmemi istedi," diye anlattı Sorgun. "Bu yüzden iş üç yıl sürdü."

# Un, ekmek ve bir soru

Belediye onarım için kereste verdi, gerisini köylüler kendi aralarında topladı. Şimdi çözülmesi gereken tek soru, değirmeni kimin çalıştıracağı. Üç aday var ve üçü de birbirinin kuzeni.

İlk ekmekler pazartesi sabahı fırından çıktı. Tadının eskisi gibi olup olmadığı sorulduğunda, köyün en yaşlısı bir süre düşündü ve bir dilim daha istedi.
"""),
    "Dere Postası",
)

GREEK = Story(
    "el",
    "el",
    "Ο φάρος του Σκάρνου απέκτησε ξανά φύλακα",
    "Ελένη Βρανά",
    "2026-02-18T09:20:00+02:00",
    "Ύστερα από δεκαοκτώ χρόνια, κάποιος ανάβει πάλι το φως με το χέρι.",
    paragraphs("""
Ο παλιός φάρος στο ακρωτήριο απέκτησε ξανά φύλακα, δεκαοκτώ χρόνια μετά την ημέρα που το φως του έγινε αυτόματο. Η νέα φύλακας είναι τριάντα δύο ετών, αγαπά τη σιωπή και δεν φοβάται τις σκάλες.

Το λιμεναρχείο αποφάσισε να επαναφέρει τη θέση αφού ο αυτόματος μηχανισμός χάλασε τέσσερις φορές τον περασμένο χειμώνα. Κάθε φορά χρειάστηκαν δύο ημέρες για να φτάσει τεχνικός από την πόλη.

«Η μηχανή δεν καταλαβαίνει πότε έρχεται ομίχλη», είπε η νέα φύλακας στους δημοσιογράφους. «Εγώ το καταλαβαίνω από τα γόνατα των γειτόνων μου.»

# Εκατόν έντεκα σκαλοπάτια

Η εργασία ξεκινά κάθε απόγευμα με εκατόν έντεκα σκαλοπάτια και τελειώνει το πρωί με τα ίδια, προς τα κάτω. Ο μισθός είναι μικρός, η θέα όμως περιλαμβάνεται στη σύμβαση.

Οι ψαράδες του χωριού έφεραν για καλωσόρισμα μια κατσαρόλα σούπα και μια γάτα. Η γάτα έμεινε.
"""),
    "Ο Παράκτιος",
)

CHINESE = Story(
    "zh",
    "zh",
    "老渡口的钟声时隔二十年再次响起",
    "林晚秋",
    "2026-03-21T08:00:00+08:00",
    "修钟的人是当年最后一位摆渡人的孙女。",
    paragraphs("""
河边老渡口的铜钟，上周六清晨时隔二十年再次响起。许多住在对岸的老人推开窗户，以为自己听错了，直到第二声传来才走出家门。

修钟的人叫沈小满，是当年最后一位摆渡人的孙女。她花了两个冬天，把散落在村里的零件一件一件找了回来，其中钟锤被人当作门挡用了十几年。

“我小时候以为钟声是从水里出来的。”她站在码头上说，“后来才知道，是祖父每天五点起床拉绳子。”

# 桥与船

渡口在大桥通车以后停用，渡船沉在芦苇丛里，只剩下一截桅杆。镇里计划今年秋天把船打捞上来，放在岸边供人参观。

钟声今后每天只响两次，早上六点和傍晚六点。有居民提出中午也应该响一次，方便田里干活的人回家吃饭，这个建议将在下个月的村民会议上讨论。
"""),
    "河口晚报",
)

KOREAN = Story(
    "ko",
    "ko",
    "산골 우체국, 문 닫기 하루 전 편지 삼천 통 받다",
    "한서윤 기자",
    "2026-01-30T09:00:00+09:00",
    "마지막 소인을 받으려는 편지가 전국에서 모였다.",
    paragraphs("""
강원도 산골의 작은 우체국이 문을 닫기 하루 전날, 편지 삼천 통을 한꺼번에 받았다. 마지막 소인을 간직하려는 사람들이 전국에서 보낸 것이다. 직원은 두 명뿐이었고 난로는 하나였다.

우체국장 오정배 씨는 밤을 새워 도장을 찍었다고 말했다. 그는 손목이 아팠지만 한 통도 기계로 찍지 않았다. 편지마다 다른 사정이 있을 것 같았기 때문이라고 한다.

“서른 해 동안 받은 편지보다 그날 받은 편지가 더 많았습니다.” 오 국장은 웃으며 말했다. “진작 이렇게들 보내 주셨으면 문을 닫지 않아도 됐을 텐데요.”

# 마을의 결정

마을 주민들은 건물을 사들여 작은 도서관으로 바꾸기로 했다. 우체통은 그대로 두되 편지는 일주일에 한 번 읍내로 가져가기로 합의했다.

도서관의 첫 책은 그날 주소가 잘못되어 돌아갈 곳을 잃은 편지 열일곱 통을 묶은 것이 될 예정이다.
"""),
    "산마루신문",
)

HEBREW = Story(
    "he",
    "he",
    "גשר העץ בעמק נבנה מחדש בידי תושביו",
    "נעמי ברקאי",
    "2026-06-08T11:10:00+03:00",
    "שלושה קיצים של עבודה, ואף מסמר אחד.",
    paragraphs("""
גשר העץ הישן שבעמק נפתח ביום שני להולכי רגל, אחרי שלושה קיצים שבהם בנו אותו התושבים מחדש במו ידיהם. בכל הגשר אין ולו מסמר אחד, והנגרים מתעקשים שכך היה גם לפני מאה שנה.

הגשר נסחף בשיטפון של חורף 2022, ומאז נאלצו הילדים ללכת לבית הספר בדרך שאורכה כפול. העירייה הציעה גשר ברזל, אך התושבים ביקשו לבנות את הישן ולקחו על עצמם את המלאכה.

"ברזל מחליד ועץ מתלונן", אמר הנגר הראשי בטקס הפתיחה. "אני מעדיף גשר שמספר לי מתי הוא עייף."

# מי ישמור על הגשר

המועצה תבדוק את הקורות פעמיים בשנה, באביב ובסתיו. התושבים כבר קבעו תור שמירה משלהם, והוא מלא עד סוף העשור.

הראשונה שחצתה את הגשר הייתה עז שאיש אינו מודה בבעלותו עליה.
"""),
    "קול העמק",
)

STORIES = (TRIAL, CHINESE, ORCHARD, SWEDISH, PORT, GREEK, KOREAN, TURKISH, HEBREW)
