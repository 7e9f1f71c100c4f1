### Words for the codes of closed sets, Russian. Codes are those of the wire, of the procedures and of the view.

## Parties and territories

party-lt = Литва
party-lv = Латвия
party-ee = Эстония
party-pl = Польша
party-by = Беларусь
party-ru = Россия
party-ru-kgd = Калининградская область (Россия)
party-ua = Украина
party-fi = Финляндия
party-se = Швеция

## Types of messages

type-test = ПРОВЕРКА СВЯЗИ
type-test-reply = ОТВЕТ НА ПРОВЕРКУ СВЯЗИ
type-notice = УВЕДОМЛЕНИЕ
type-update = УТОЧНЕНИЕ
type-lost = СОПРОВОЖДЕНИЕ ПОТЕРЯНО
type-query = ЗАПРОС
type-reply = ОТВЕТ
type-ack = ПОДТВЕРЖДЕНИЕ (прочитано)
type-close = ЗАВЕРШЕНИЕ
type-agree-close = ОТВЕТ НА ЗАВЕРШЕНИЕ
type-log-end = КОНЕЦ ЖУРНАЛА
type-log-open = НАЧАЛО ЖУРНАЛА
type-own-object = СВОЙ ОБЪЕКТ
type-measure = МЕРА
type-find = НАХОДКА
type-evidence = ДОКАЗАТЕЛЬСТВО
type-negative = НИЧЕГО НЕ НАЙДЕНО
type-warning = ОПОВЕЩЕНИЕ
type-correct = ИСПРАВЛЕНИЕ
type-cancel = ОТМЕНА
type-activate = ВВОД В ДЕЙСТВИЕ
type-suspend = ПРИОСТАНОВКА
type-resume = ВОЗОБНОВЛЕНИЕ
type-end = ОКОНЧАНИЕ СОГЛАШЕНИЯ

## What an object is held to be

status-unknown = неизвестный
status-unidentified = неопознанный
status-strayed = сбившийся с пути
status-uav = беспилотный летательный аппарат
status-balloon = воздушный шар
status-aircraft = воздушное судно
status-helicopter = вертолёт
status-birds = птицы

## What the bodies of messages say

phase-possible = может пересечь границу
phase-crossing = пересекает границу
phase-crossed = пересёк границу
question-yours-or-known = Он ваш или известен вам?
answer-ours = Наш
answer-known = Известен нам
answer-unknown = Неизвестен нам
answer-no-information = Нет информации
answer-cannot-say = Не можем сказать
outcome-crossed = Пересёк границу
outcome-did-not-cross = Не пересёк границу
outcome-identified = Опознан
outcome-lost = Потерян
outcome-found = Найден
outcome-no-further-information = Другой информации нет
agrees-yes = согласны
agrees-no = не согласны, записано
role-observer = наблюдатель
role-duty-officer = дежурный офицер
role-releasing-authority = лицо, разрешающее передачу
role-administrator = администратор
level-possible = ВОЗМОЖНАЯ ОПАСНОСТЬ
level-shelter = УКРОЙТЕСЬ
level-all-clear = ОТБОЙ

## Where a procedure stands

state-at-home = больше никому не сообщено
state-quiet = пока ничего не сказано
state-drafted = мы должны уведомить
state-noticed = наше уведомление отправлено
state-informed = их уведомление получено
state-mutual = обе стороны уведомили
state-engaged = подтверждено
state-closing = наше завершение отправлено
state-unanswered = на наше завершение нет ответа
state-asked-to-close = их завершение получено
state-closed = завершено
state-disputed = завершено с разногласием
state-many-seen = видно много, мы должны уведомить
state-told = наше первое сообщение отправлено
state-aggrieved = прибыло от них, мы должны уведомить
state-complained = мы заявили жалобу
state-dropped = завершено, прежде чем что-либо было сказано
state-crossing-seen = пересекает границу, мы должны уведомить
state-testing = идёт проверка связи
state-asked = они спросили
state-both = обе стороны проверяют связь
state-silent = ответа нет, попробуйте запасную линию
state-answered = связь работает
state-unheard = ответа нет, испробована запасная линия
state-out-of-hand = наш объект неуправляем, мы должны об этом сообщить
state-warned-alone = наше население оповещено, они не знают почему
state-wondering = хотим спросить
state-asking = мы спросили
state-answering = вопросы и ответы
state-track-lost = сопровождение потеряно, мы должны об этом сообщить
state-searching = ищут обе стороны

## What is owed, and the steps of the ladder

owes-ack = подтверждение
owes-lost = сообщение о потере сопровождения
owes-warning = решение об оповещении
owes-reply = ответ
owes-receipt = подтверждение получения
owes-read-out = зачитывание голосом
owes-update = уточнение
owes-notice = уведомление
owes-close = завершение
owes-agree-close = ответ на завершение
owes-test-reply = ответ на проверку связи
owes-count = новое число объектов
owes-question = вопрос
owes-finding = вывод
owes-position = местоположение
owes-change = сообщение об изменении
owes-last-place = последнее местоположение
owes-report = сообщение с запасной линии
escalation-second-officer = разбудить второго офицера
escalation-alternate-line = использовать запасную линию (зачитать голосом)
escalation-third-party-relay = просить третью сторону передать
escalation-atc-supervisor = позвонить руководителю полётов
escalation-higher-level = обратиться на вышестоящий уровень

## Reasons of a refusal

reason-bad-time = Это не время
reason-local-time = Местное время
reason-time-not-plausible = Неправдоподобное время
reason-too-late = Слишком поздно
reason-position-not-plausible = Неправдоподобное местоположение
reason-value-not-plausible = Неправдоподобное значение
reason-truncated = Данные оборваны
reason-wrong-edition = Другая редакция
reason-wrong-category = Другая категория
reason-unknown-source = Неизвестный источник
reason-no-position = Нет местоположения
reason-malformed = Не понято
reason-unknown-field = Неизвестное поле
reason-too-large = Слишком велико
reason-unknown-place = Неизвестное место
reason-ambiguous-place = Несколько мест с этим названием
reason-not-canonical = Не в единственно допустимом виде
reason-wrong-channel = Другой канал
reason-wrong-sender = Другой отправитель
reason-wrong-serial = Другой порядковый номер
reason-wrong-year = Другой год
reason-unknown-type = Неизвестный тип
reason-unknown-incident = Такого инцидента нет
reason-unknown-message = Такого сообщения нет
reason-unknown-track = Такого сопровождаемого объекта нет
reason-bad-signature = Подпись недействительна
reason-bad-key = Ключ недействителен
reason-bad-note = Подписанная запись недействительна
reason-wrong-origin = Другой журнал
reason-wrong-size = Другой размер
reason-overtaken = Уже устарело
reason-forked = Другой журнал того же размера
reason-shrunken = Более короткий журнал
reason-replayed = Отправлено повторно
reason-back-dated = Датировано раньше предыдущего сообщения
reason-bad-proof = Не следует из предыдущего
reason-no-contradiction = Противоречия нет
reason-not-witnessed = Не засвидетельствовано
reason-wrong-check = Контрольные группы не сходятся
reason-not-hybrid = Нет одной из двух подписей
reason-wrong-generation = Из другого поколения журнала
reason-log-ended = Сказано после конца журнала
reason-wrong-opening = Журнал открыт не так, как закончился предыдущий
reason-not-agreed = Сверка этих ключей не проводилась
reason-not-in-table = Сейчас невозможно
reason-channel-not-active = Канал не действует
reason-not-released = Правила не разрешают передачу
reason-not-allowed = Не разрешено
reason-already-closed = Уже завершено
reason-busy = Занято, повторите
reason-not-correctable = Этот тип нельзя исправить или отменить
reason-other-type = Другой тип
reason-already-cancelled = Уже отменено
