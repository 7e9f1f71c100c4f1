### What a message says, as sentences, Belarusian. `plan.json` says which sentence is said of which message, and with what.
### Codes and names stand after a colon or an arrow, so that no language has to decline them.

## Figures. A no-break space stands between a number and its unit.

figure-decimal = ,
figure-m = { $value }{"\u00A0"}м
figure-km = { $value }{"\u00A0"}км
figure-kmh = { $value }{"\u00A0"}км/г
figure-percent = { $value }{"\u00A0"}%
figure-beyond = { $value }{"\u00A0"}мс пасля 1970-01-01

## Head of a message

text-head = { $type }, парадкавы нумар { $serial }, адпраўнік { $sender }, сказана { $time }.
text-observed = Назіралася { $time }.
text-in-reply-to = У адказ на запіс № { $serial } журнала атрымальніка.
text-of-generation = Гэта журнал № { $generation } гэтага канала.
text-remark = Неафіцыйная заўвага: «{ $remark }»
text-unnamed = { $member }: { $value }
text-unreadable = Адхілена, прачытаць нельга: { $reason }.

## Notice, update, lost

text-phase-possible = Аб’ект можа перасячы граніцу.
text-phase-crossing = Аб’ект перасякае граніцу.
text-phase-crossed = Аб’ект перасек граніцу.
text-object = Аб’ект { $number }: { $status }.
text-object-count = { $count ->
    [one] Гэта { $count } аб’ект.
    [few] Гэта { $count } аб’екты разам.
   *[many] Гэта { $count } аб’ектаў разам.
}
text-object-place = Месцазнаходжанне: { $place }, дакладнасць { $accuracy } (95{"\u00A0"}%).
text-object-course = Курс: { $course }.
text-object-speed = Хуткасць: { $speed }.
text-object-altitude = Вышыня: { $altitude }.
text-crossing = Перасячэнне граніцы { $border }, { $from } → { $to }: імавернасць { $percent }, найбольш верагодна { $time }, у 80{"\u00A0"}% выпадкаў { $window }.
text-crossing-stretch = Участак граніцы (80{"\u00A0"}%): { $begin } – { $end }.
text-district = Раён або вобласць на шляху аб’екта: { $district }. Імавернасць { $percent }, найбольш верагодна { $time }, у 80{"\u00A0"}% выпадкаў { $window }.
text-lost = Суправаджэнне аб’екта страчана. Апошнія вядомыя даныя:
text-lost-search = Раён пошуку на момант паведамлення (90{"\u00A0"}%): у радыусе { $radius } ад { $place }.

## Question and answer

text-question-yours-or-known = Аб’ект { $number } ваш або вядомы вам?
text-answer-ours = Аб’ект наш.
text-answer-known = Аб’ект нам вядомы.
text-answer-unknown = Аб’ект нам невядомы.
text-answer-no-information = У нас няма інфармацыі аб аб’екце.
text-answer-cannot-say = Мы не можам нічога сказаць аб аб’екце.
text-ack = Прачытана чалавекам: { $role }.

## Close

text-outcome-crossed = Завяршаем інцыдэнт: аб’ект перасек граніцу.
text-outcome-did-not-cross = Завяршаем інцыдэнт: аб’ект не перасек граніцу.
text-outcome-identified = Завяршаем інцыдэнт: аб’ект апазнаны.
text-outcome-lost = Завяршаем інцыдэнт: аб’ект страчаны.
text-outcome-found = Завяршаем інцыдэнт: аб’ект знойдзены.
text-outcome-no-further-information = Завяршаем інцыдэнт: іншай інфармацыі няма.
text-close-objects = { $count ->
    [one] Быў { $count } аб’ект.
    [few] Было { $count } аб’екты.
   *[many] Было { $count } аб’ектаў.
}
text-close-seen = Упершыню назіралася { $first }, апошні раз { $last }.
text-agrees-yes = Згодныя так завяршыць інцыдэнт.
text-agrees-no = Завяршаем інцыдэнт, але не згодныя з тым, што вы пра яго сказалі.

## Line test, change of keys

text-test = Праверка сувязі № { $number }. Просім адказаць.
text-test-reply = Адказ на праверку сувязі № { $number }.
text-log-end = Гэтым паведамленнем наш журнал у гэтым канале заканчваецца. Нумар наступнага журнала: { $generation }.
text-log-open = Гэтым паведамленнем пачынаецца наш новы журнал у гэтым канале.
text-why-planned = Прычына: планавая змена ключоў.
text-why-expiry = Прычына: сканчаецца тэрмін дзеяння ключоў.
text-why-revoked = Прычына: ключы адкліканы.
text-why-lost = Прычына: ключы страчаны.
text-why-partner = Прычына: другі бок мяняе ключы.
text-log-keys = Меткі наступных ключоў: нашы { $ours }, вашы { $theirs }.
text-log-before-ours = { $count ->
    [one] Наш папярэдні журнал: { $origin }, { $count } паведамленне, корань { $root }.
    [few] Наш папярэдні журнал: { $origin }, { $count } паведамленні, корань { $root }.
   *[many] Наш папярэдні журнал: { $origin }, { $count } паведамленняў, корань { $root }.
}
text-log-before-theirs = { $count ->
    [one] Ваш папярэдні журнал, наколькі ён у нас ёсць: { $origin }, { $count } паведамленне, корань { $root }.
    [few] Ваш папярэдні журнал, наколькі ён у нас ёсць: { $origin }, { $count } паведамленні, корань { $root }.
   *[many] Ваш папярэдні журнал, наколькі ён у нас ёсць: { $origin }, { $count } паведамленняў, корань { $root }.
}

## Own object, measure

text-condition-out-of-control = Мы страцілі кіраванне сваім аб’ектам паблізу граніцы.
text-condition-in-flight = Наш аб’ект ляціць паблізу граніцы.
text-condition-under-control = Наш аб’ект паблізу граніцы зноў кіруецца.
text-condition-landed = Наш аб’ект паблізу граніцы прызямліўся.
text-own-until = Чаканае заканчэнне палёту: { $time }.
text-measure-airspace-closed = Мы закрылі частку сваёй паветранай прасторы.
text-measure-airspace-restricted = Мы абмежавалі палёты ў частцы сваёй паветранай прасторы.
text-measure-response-flight = З-за аб’екта ў паветры наша паветранае судна. Яно застаецца ў нашым раёне.
text-measure-search-flight = Наша паветранае судна вядзе пошук. Яно застаецца ў нашым раёне.
text-area = Раён: у радыусе { $radius } ад { $place }.
text-period = Час: з { $from } да { $until }.
text-floor = Ніжняя мяжа: { $altitude }.
text-ceiling = Верхняя мяжа: { $altitude }.

## Find, evidence, nothing found

text-what-debris = Знойдзены абломкі.
text-what-whole-object = Знойдзены цэлы аб’ект.
text-what-balloon = Знойдзены паветраны шар.
text-what-payload = Знойдзены груз.
text-find-place = Месца знаходкі: { $place }, дакладнасць { $accuracy }.
text-find-time = Знойдзена { $time }.
text-find-object = Адносіцца да аб’екта { $number } інцыдэнту.
text-hazard-none-seen = Небяспекі не заўважана.
text-hazard-possible = Можа быць небяспечна: не набліжайцеся.
text-hazard-confirmed = Небяспечна: не набліжайцеся.
text-secured-yes = Месца пад аховай.
text-secured-no = Месца яшчэ не пад аховай.
text-evidence-photograph = Прапануем вам фотаздымак.
text-evidence-document = Прапануем вам дакумент.
text-evidence-data = Прапануем вам даныя.
text-evidence-part = Прапануем вам частку аб’екта.
text-evidence-find = Адносіцца да знаходкі з нашага паведамлення № { $serial }.
text-evidence-obtained = Атрымана { $time }.
text-evidence-item = { $count ->
    [one] Памер: { $count } байт. SHA-256: { $sha256 }.
    [few] Памер: { $count } байты. SHA-256: { $sha256 }.
   *[many] Памер: { $count } байтаў. SHA-256: { $sha256 }.
}
text-means-radar = Мы шукалі радарам і нічога не знайшлі.
text-means-air = Мы шукалі з паветра і нічога не знайшлі.
text-means-ground = Мы шукалі на зямлі і нічога не знайшлі.
text-means-water = Мы шукалі на вадзе і нічога не знайшлі.

## Warning of the public

text-level-possible = Мы папярэдзілі сваё насельніцтва аб магчымай небяспецы.
text-level-shelter = Мы сказалі свайму насельніцтву схавацца.
text-level-all-clear = Мы паведамілі свайму насельніцтву, што небяспека мінула.
text-warned-district = Тэрыторыя: { $district }.

## Correction, cancellation

text-correct = Выпраўляем сваё паведамленне № { $serial }. Абодва застаюцца ў журнале.
text-correct-reads = Трэба чытаць, { $type }:
text-cancel = Адмяняем сваё паведамленне № { $serial }. Абодва застаюцца ў журнале.
text-cancel-why-sent-in-error = Прычына: адпраўлена памылкова.
text-cancel-why-wrong-object = Прычына: гаворка ішла не пра той аб’ект.
text-cancel-why-wrong-partner = Прычына: адпраўлена не таму партнёру.
text-cancel-why-superseded = Прычына: яго замяняе пазнейшае паведамленне.

## Life of the agreement

text-activate = Са свайго боку ўводзім пагадненне ў дзеянне. Яно дзейнічае, калі абодва бакі сказалі гэта аб адным і тым самым тэксце.
text-suspend = Прыпыняем пагадненне. Пакуль мы яго не адновім, аб інцыдэнтах нічога не гаворыцца.
text-resume = Аднаўляем пагадненне.
text-end = Спыняем пагадненне з { $time }.
text-why-ordered = Прычына: распараджэнне вышэйшага ўзроўню.
text-why-technical = Прычына: тэхнічная.
text-why-keys-in-doubt = Прычына: ключы пад сумненнем.
text-why-misuse = Прычына: няправільнае выкарыстанне канала.
text-why-no-reason-given = Прычына не названа.
text-why-expired = Прычына: тэрмін пагаднення скончыўся.
text-why-replaced = Прычына: яго замяняе іншае пагадненне.
text-why-breach = Прычына: парушэнне пагаднення.
text-why-withdrawn = Прычына: наш увод у дзеянне адкліканы.
text-life = Перыяд дзеяння пагаднення № { $number }, тэкст { $agreement }.
text-life-taken = { $count ->
    [one] У гэты момант у нас было { $count } ваша паведамленне.
    [few] У гэты момант у нас было { $count } вашы паведамленні.
   *[many] У гэты момант у нас было { $count } вашых паведамленняў.
}
