### Words for the codes of closed sets, Belarusian. Codes are those of the wire, of the procedures and of the view.

## Parties and territories

party-lt = Літва
party-lv = Латвія
party-ee = Эстонія
party-pl = Польшча
party-by = Беларусь
party-ru = Расія
party-ru-kgd = Калінінградская вобласць (Расія)
party-ua = Украіна
party-fi = Фінляндыя
party-se = Швецыя

## Types of messages

type-test = ПРАВЕРКА СУВЯЗІ
type-test-reply = АДКАЗ НА ПРАВЕРКУ СУВЯЗІ
type-notice = АПАВЯШЧЭННЕ
type-update = УДАКЛАДНЕННЕ
type-lost = СУПРАВАДЖЭННЕ СТРАЧАНА
type-query = ЗАПЫТ
type-reply = АДКАЗ
type-ack = ПАЦВЯРДЖЭННЕ (прачытана)
type-close = ЗАВЯРШЭННЕ
type-agree-close = АДКАЗ НА ЗАВЯРШЭННЕ
type-log-end = КАНЕЦ ЖУРНАЛА
type-log-open = ПАЧАТАК ЖУРНАЛА
type-own-object = СВОЙ АБ’ЕКТ
type-measure = ЗАХАД
type-find = ЗНАХОДКА
type-evidence = ДОКАЗ
type-negative = НІЧОГА НЕ ЗНОЙДЗЕНА
type-warning = ПАПЯРЭДЖАННЕ
type-correct = ВЫПРАЎЛЕННЕ
type-cancel = АДМЕНА
type-activate = УВОД У ДЗЕЯННЕ
type-suspend = ПРЫПЫНЕННЕ
type-resume = АДНАЎЛЕННЕ
type-end = СКАНЧЭННЕ ПАГАДНЕННЯ

## What an object is held to be

status-unknown = невядомы
status-unidentified = неапазнаны
status-strayed = збіўся з дарогі
status-uav = беспілотны лятальны апарат
status-balloon = паветраны шар
status-aircraft = паветранае судна
status-helicopter = верталёт
status-birds = птушкі

## What the bodies of messages say

phase-possible = можа перасячы граніцу
phase-crossing = перасякае граніцу
phase-crossed = перасек граніцу
question-yours-or-known = Ён ваш або вядомы вам?
answer-ours = Наш
answer-known = Вядомы нам
answer-unknown = Невядомы нам
answer-no-information = Няма інфармацыі
answer-cannot-say = Не можам сказаць
outcome-crossed = Перасек граніцу
outcome-did-not-cross = Не перасек граніцу
outcome-identified = Апазнаны
outcome-lost = Страчаны
outcome-found = Знойдзены
outcome-no-further-information = Іншай інфармацыі няма
agrees-yes = згодныя
agrees-no = нязгодныя, запісана
role-observer = назіральнік
role-duty-officer = дзяжурны афіцэр
role-releasing-authority = асоба, якая дазваляе перадачу
role-administrator = адміністратар
level-possible = МАГЧЫМАЯ НЕБЯСПЕКА
level-shelter = СХАВАЙЦЕСЯ
level-all-clear = АДБОЙ

## Where a procedure stands

state-at-home = больш нікому не паведамлена
state-quiet = пакуль нічога не сказана
state-drafted = мы павінны апавясціць
state-noticed = наша апавяшчэнне адпраўлена
state-informed = іх апавяшчэнне атрымана
state-mutual = абодва бакі апавясцілі
state-engaged = пацверджана
state-closing = наша завяршэнне адпраўлена
state-unanswered = на наша завяршэнне няма адказу
state-asked-to-close = іх завяршэнне атрымана
state-closed = завершана
state-disputed = завершана з рознагалоссем
state-many-seen = бачна шмат, мы павінны апавясціць
state-told = наша першае паведамленне адпраўлена
state-aggrieved = прыбыло ад іх, мы павінны апавясціць
state-complained = мы заявілі скаргу
state-dropped = завершана, перш чым нешта было сказана
state-crossing-seen = перасякае граніцу, мы павінны апавясціць
state-testing = ідзе праверка сувязі
state-asked = яны спыталі
state-both = абодва бакі правяраюць сувязь
state-silent = адказу няма, паспрабуйце запасную лінію
state-answered = сувязь працуе
state-unheard = адказу няма, паспрабавана запасная лінія
state-out-of-hand = наш аб’ект некіроўны, мы павінны аб гэтым паведаміць
state-warned-alone = наша насельніцтва папярэджана, яны не ведаюць чаму
state-wondering = хочам спытаць
state-asking = мы спыталі
state-answering = пытанні і адказы
state-track-lost = суправаджэнне страчана, мы павінны аб гэтым паведаміць
state-searching = шукаюць абодва бакі

## What is owed, and the steps of the ladder

owes-ack = пацвярджэнне
owes-lost = паведамленне аб страце суправаджэння
owes-warning = рашэнне аб папярэджанні
owes-reply = адказ
owes-receipt = пацвярджэнне атрымання
owes-read-out = зачытванне голасам
owes-update = удакладненне
owes-notice = апавяшчэнне
owes-close = завяршэнне
owes-agree-close = адказ на завяршэнне
owes-test-reply = адказ на праверку сувязі
owes-count = новая колькасць аб’ектаў
owes-question = пытанне
owes-finding = выснова
owes-position = месцазнаходжанне
owes-change = паведамленне аб змене
owes-last-place = апошняе месцазнаходжанне
owes-report = паведамленне з запасной лініі
escalation-second-officer = разбудзіць другога афіцэра
escalation-alternate-line = выкарыстаць запасную лінію (зачытаць голасам)
escalation-third-party-relay = прасіць трэці бок перадаць
escalation-atc-supervisor = патэлефанаваць кіраўніку палётаў
escalation-higher-level = звярнуцца на вышэйшы ўзровень

## Reasons of a refusal

reason-bad-time = Гэта не час
reason-local-time = Мясцовы час
reason-time-not-plausible = Непраўдападобны час
reason-too-late = Занадта позна
reason-position-not-plausible = Непраўдападобнае месцазнаходжанне
reason-value-not-plausible = Непраўдападобнае значэнне
reason-truncated = Даныя абарваны
reason-wrong-edition = Іншая рэдакцыя
reason-wrong-category = Іншая катэгорыя
reason-unknown-source = Невядомая крыніца
reason-no-position = Няма месцазнаходжання
reason-malformed = Не зразумета
reason-unknown-field = Невядомае поле
reason-too-large = Занадта вялікае
reason-unknown-place = Невядомае месца
reason-ambiguous-place = Некалькі месцаў з такой назвай
reason-not-canonical = Не ў адзіным дазволеным выглядзе
reason-wrong-channel = Іншы канал
reason-wrong-sender = Іншы адпраўнік
reason-wrong-serial = Іншы парадкавы нумар
reason-wrong-year = Іншы год
reason-unknown-type = Невядомы тып
reason-unknown-incident = Такога інцыдэнту няма
reason-unknown-message = Такога паведамлення няма
reason-unknown-track = Такога суправаджанага аб’екта няма
reason-bad-signature = Подпіс несапраўдны
reason-bad-key = Ключ несапраўдны
reason-bad-note = Падпісаны запіс несапраўдны
reason-wrong-origin = Іншы журнал
reason-wrong-size = Іншы памер
reason-overtaken = Ужо састарэла
reason-forked = Іншы журнал таго самага памеру
reason-shrunken = Карацейшы журнал
reason-replayed = Адпраўлена паўторна
reason-back-dated = Датавана раней за папярэдняе паведамленне
reason-bad-proof = Не вынікае з папярэдняга
reason-no-contradiction = Супярэчнасці няма
reason-not-witnessed = Не засведчана
reason-wrong-check = Кантрольныя групы не сыходзяцца
reason-not-hybrid = Няма аднаго з двух подпісаў
reason-wrong-generation = З іншага пакалення журнала
reason-log-ended = Сказана пасля канца журнала
reason-wrong-opening = Журнал адкрыты не так, як скончыўся папярэдні
reason-not-agreed = Зверка гэтых ключоў не праводзілася
reason-not-in-table = Зараз немагчыма
reason-channel-not-active = Канал не дзейнічае
reason-not-released = Правілы не дазваляюць перадачу
reason-not-allowed = Не дазволена
reason-already-closed = Ужо завершана
reason-busy = Занята, паўтарыце
reason-not-correctable = Гэты тып нельга выправіць або адмяніць
reason-other-type = Іншы тып
reason-already-cancelled = Ужо адменена
