"""Stories of our own invention in other languages."""

from stories import Story, paragraphs

GERMAN = Story(
    "de",
    "de",
    "Der Kran am alten Hafen bleibt stehen",
    "Wiebke Sander",
    "2026-05-04T09:15:00+02:00",
    "Der Stadtrat hat entschieden: Der Kran wird nicht verschrottet, sondern Aussichtspunkt.",
    paragraphs("""
Der Kran am alten Hafen von Melby wird nicht verschrottet. Das hat der Stadtrat am Montagabend mit großer Mehrheit beschlossen. Das 38 Meter hohe Bauwerk aus dem Jahr 1931 soll bis zum Herbst gesichert und danach als Aussichtspunkt geöffnet werden.

„Wer hier aufgewachsen ist, hat sich an diesem Kran orientiert“, sagte Bürgermeisterin Almut Terbrück nach der Sitzung. „Man kann nicht einfach den Daumen abschneiden, mit dem man auf die Stadt zeigt.“

# Kosten noch unklar

Wie teuer die Sanierung wird, ist offen. Ein Gutachten nennt 1,2 Millionen Euro, die Verwaltung rechnet mit weniger, der Verein der Kranfreunde mit deutlich mehr. Das Land hat einen Zuschuss in Aussicht gestellt, aber noch nichts unterschrieben.

Kritik kam von der Hafengesellschaft. Sie hatte das Gelände für ein Lager verplant und muss nun neu zeichnen. Ein Sprecher sagte, man teile die Freude, hätte aber gern früher davon erfahren.

Mehr zum Thema wollen die Kranfreunde am Samstag auf dem Wochenmarkt sagen. Dort sammeln sie auch alte Fotos, die in der Kabine des Kranführers gezeigt werden sollen.
"""),
    "Melbyer Bote",
)

FRENCH = Story(
    "fr",
    "fr",
    "À Saint-Orven, le dernier fanal sera rallumé",
    "Maëlle Guivarc",
    "2026-06-18T18:00:00+02:00",
    "Éteint depuis 1994, le fanal du môle brillera de nouveau cet été, à l'huile et à la main.",
    paragraphs("""
Éteint depuis 1994, le fanal du môle de Saint-Orven sera rallumé le 14 juillet. Il ne guidera personne : les bateaux ont d'autres yeux désormais. Mais il brûlera à l'huile, comme autrefois, et c'est une équipe de douze bénévoles qui montera chaque soir les quarante-quatre marches.

« On nous a demandé à quoi cela servait », raconte Yann Kerbrat, le plus jeune d'entre eux. « J'ai répondu : à monter quarante-quatre marches. Depuis, on ne nous demande plus rien. »

La commune a pris à sa charge la lentille, retrouvée dans la cave de la mairie sous des urnes électorales. Le reste a été payé par une souscription à laquelle ont participé six cents habitants, sur les huit cents que compte le bourg.

Le premier soir, la flamme devrait tenir jusqu'à l'aube. Ensuite, on verra. L'huile est chère, et les bénévoles travaillent le lendemain.
"""),
    "Le Courrier d'Orven",
)

SPANISH = Story(
    "es",
    "es",
    "El pueblo que cambió la hora por su cuenta",
    "Inés Robledo",
    "2026-03-29T08:00:00+02:00",
    "Los vecinos de Valdeseca decidieron en asamblea no adelantar el reloj de la plaza.",
    paragraphs("""
Los 212 vecinos de Valdeseca no adelantaron el reloj de la plaza este domingo. Lo decidieron en asamblea, por 97 votos contra 12, después de una discusión que duró exactamente una hora.

«Las vacas no leen el boletín», explicó la alcaldesa, Remedios Taibo, que votó en contra y aun así subió ella misma a la torre para parar el mecanismo. Desde entonces hay en el pueblo dos horas: la del reloj y la del autobús.

El maestro ha encontrado en ello una ventaja. Los alumnos de quinto calculan cada mañana la diferencia y, según dice, ya no confunden la suma con la resta. El cartero, en cambio, ha pedido que alguien decida pronto a qué hora llega tarde.

La delegación del Gobierno no ha querido pronunciarse. Un portavoz dijo que estudiarán el caso el lunes, sin precisar cuál.
"""),
    "Gaceta de Valdeseca",
)

PORTUGUESE = Story(
    "pt",
    "pt",
    "Biblioteca flutuante volta ao rio depois das cheias",
    "Duarte Lemos",
    "2026-04-11T10:30:00+01:00",
    "O barco-biblioteca perdeu mil livros e ganhou dois mil.",
    paragraphs("""
A biblioteca flutuante de Vila Serena voltou ao rio na sexta-feira, quatro meses depois das cheias que levaram mil livros e a prancha de embarque. Os livros foram substituídos por dois mil, oferecidos por leitores de todo o distrito.

O barco para em nove cais, duas vezes por mês. Em três deles não há outra biblioteca num raio de quarenta quilómetros. "Há crianças que só conhecem o cheiro dos livros misturado com o do gasóleo", conta a bibliotecária, Teresa Malhado.

A prefeitura prometeu um motor novo até ao verão. O antigo tem cinquenta anos e, segundo o barqueiro, trabalha melhor quando alguém lê em voz alta.

Quem quiser devolver um livro perdido na cheia pode fazê-lo sem multa até ao fim de junho.
"""),
    "Jornal da Serena",
)

JAPANESE = Story(
    "ja",
    "ja",
    "港の時計台、七年ぶりに鐘が鳴る",
    "森田 千景",
    "2026-05-30T07:00:00+09:00",
    "修理を終えた時計台の鐘が、三十日の朝に鳴らされた。",
    paragraphs("""
潮見港の時計台の鐘が三十日の朝、七年ぶりに鳴らされた。修理に当たった職人や近所の住民、およそ二百人が岸壁に集まり、最初の一打を静かに聞いた。

鐘は地震で台座がずれ、安全のために止められていた。市は一度は撤去を決めたが、漁師たちが「霧の日にはあの音が頼りだ」と訴え、寄付を集めて修理を進めてきた。

職人の大浜さんは「同じ音に戻せるか自信がなかった。けさ、隣の奥さんが泣いていたので、たぶん合っている」と話した。

鐘はこれから毎日、朝六時と夕方六時に鳴らされる。霧が出た日には、港の当番が手で鳴らすことになっている。
"""),
    "潮見日報",
)

ARABIC = Story(
    "ar",
    "ar",
    "سوق الوراقين يعود إلى الحياة في المدينة القديمة",
    "ليلى الحداد",
    "2026-02-22T12:00:00+03:00",
    "بعد عشر سنوات من الإغلاق عادت المكتبات الصغيرة لتفتح أبوابها.",
    paragraphs("""
عاد سوق الوراقين في المدينة القديمة إلى الحياة هذا الأسبوع بعد عشر سنوات من الإغلاق، وفتحت تسع مكتبات صغيرة أبوابها تحت السقف الخشبي الذي رممه حرفيون من ثلاث قرى مجاورة.

وقال أكبر الباعة سنا، وهو رجل في الثمانين، إنه وجد في دكانه كتبا لم يشترها أحد منذ عام 1981، وإنه لن يبيعها الآن لأنه بدأ يقرؤها.

وتأمل البلدية أن يجذب السوق زوارا من المدن الساحلية، وقد خصصت له حافلة صغيرة تسير كل نصف ساعة. أما أصحاب المقاهي فيقولون إن الزوار وصلوا قبل الحافلة.

وستقام في آخر كل شهر أمسية يقرأ فيها الناس بصوت عال ما وجدوه، بلا مقدمات وبلا مكبر صوت.
"""),
    "صحيفة المرفأ",
)

POLISH = Story(
    "pl",
    "pl",
    "Most zwodzony w Karwinku znów się podnosi",
    "Zofia Brzezik",
    "2026-06-02T16:45:00+02:00",
    "Po czterech latach remontu most otworzył się przed pierwszą barką.",
    paragraphs("""
Po czterech latach remontu most zwodzony w Karwinku podniósł się we wtorek przed barką z piaskiem. Trwało to jedenaście minut, o siedem dłużej, niż przewiduje regulamin, ale nikt nie narzekał.

Mechanizm z 1911 roku rozebrano na ponad trzy tysiące części. Dwie z nich do dziś nie wiadomo, do czego służą. „Leżą w słoiku na biurku dyrektora i czekają na kogoś mądrzejszego” – powiedział kierownik budowy, Leon Wastowski.

Miasto zapłaciło za remont 14 milionów złotych. Radni opozycji pytają, czy za te pieniądze nie można było zbudować nowego mostu. Burmistrz odpowiada, że nowy most nie umiałby skrzypieć.

Od lipca most będzie podnoszony codziennie w południe, także wtedy, gdy nic nie płynie.
"""),
    "Kurier Karwinecki",
)

RUSSIAN = Story(
    "ru",
    "ru",
    "В Заречном открыли музей почтовых открыток",
    "Вера Лукашина",
    "2026-01-24T13:00:00+03:00",
    "В коллекции одиннадцать тысяч открыток, и почти на каждой есть чей-то адрес.",
    paragraphs("""
В Заречном открылся музей почтовых открыток. В двух комнатах бывшего телеграфа собрано одиннадцать тысяч карточек, и почти на каждой есть чей-то адрес, а на многих и слова, которые не предназначались чужим.

«Сначала мы хотели закрыть имена», рассказывает хранительница Нина Гай. «Потом пришла женщина, нашла открытку от своего деда и попросила ничего не закрывать. Теперь мы закрываем только то, о чём просят».

Музей работает четыре дня в неделю. Вместо билета посетитель пишет открытку любому жителю города, выбранному наугад, и опускает её в ящик у двери. Почта обещала доставлять их бесплатно до конца года.

За первую неделю было отправлено триста открыток. Ответов пока восемь.
"""),
    "Зареченский листок",
)

OTHERS = (GERMAN, FRENCH, SPANISH, PORTUGUESE, JAPANESE, ARABIC, POLISH, RUSSIAN)
