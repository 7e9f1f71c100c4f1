### What a message says, as sentences, Russian. `plan.json` says which sentence is said of which message, and with what.
### Codes and names stand after a colon or an arrow, so that no language has to decline them.

## Figures. A no-break space stands between a number and its unit.

figure-decimal = ,
figure-m = { $value }{"\u00A0"}м
figure-km = { $value }{"\u00A0"}км
figure-kmh = { $value }{"\u00A0"}км/ч
figure-percent = { $value }{"\u00A0"}%
figure-beyond = { $value }{"\u00A0"}мс после 1970-01-01

## Head of a message

text-head = { $type }, порядковый номер { $serial }, отправитель { $sender }, сказано { $time }.
text-observed = Наблюдалось { $time }.
text-in-reply-to = В ответ на запись № { $serial } журнала получателя.
text-of-generation = Это журнал № { $generation } этого канала.
text-remark = Неофициальное примечание: «{ $remark }»
text-unnamed = { $member }: { $value }
text-unreadable = Отклонено, прочитать нельзя: { $reason }.

## Notice, update, lost

text-phase-possible = Объект может пересечь границу.
text-phase-crossing = Объект пересекает границу.
text-phase-crossed = Объект пересёк границу.
text-object = Объект { $number }: { $status }.
text-object-count = { $count ->
    [one] Это { $count } объект.
    [few] Это { $count } объекта вместе.
   *[many] Это { $count } объектов вместе.
}
text-object-place = Местоположение: { $place }, точность { $accuracy } (95{"\u00A0"}%).
text-object-course = Курс: { $course }.
text-object-speed = Скорость: { $speed }.
text-object-altitude = Высота: { $altitude }.
text-crossing = Пересечение границы { $border }, { $from } → { $to }: вероятность { $percent }, вероятнее всего { $time }, в 80{"\u00A0"}% случаев { $window }.
text-crossing-stretch = Участок границы (80{"\u00A0"}%): { $begin } – { $end }.
text-district = Район или область на пути объекта: { $district }. Вероятность { $percent }, вероятнее всего { $time }, в 80{"\u00A0"}% случаев { $window }.
text-lost = Сопровождение объекта потеряно. Последние известные данные:
text-lost-search = Район поиска на момент сообщения (90{"\u00A0"}%): в радиусе { $radius } от { $place }.

## Question and answer

text-question-yours-or-known = Объект { $number } ваш или известен вам?
text-answer-ours = Объект наш.
text-answer-known = Объект нам известен.
text-answer-unknown = Объект нам неизвестен.
text-answer-no-information = У нас нет информации об объекте.
text-answer-cannot-say = Мы не можем ничего сказать об объекте.
text-ack = Прочитано человеком: { $role }.

## Close

text-outcome-crossed = Завершаем инцидент: объект пересёк границу.
text-outcome-did-not-cross = Завершаем инцидент: объект не пересёк границу.
text-outcome-identified = Завершаем инцидент: объект опознан.
text-outcome-lost = Завершаем инцидент: объект потерян.
text-outcome-found = Завершаем инцидент: объект найден.
text-outcome-no-further-information = Завершаем инцидент: другой информации нет.
text-close-objects = { $count ->
    [one] Был { $count } объект.
    [few] Было { $count } объекта.
   *[many] Было { $count } объектов.
}
text-close-seen = Впервые наблюдалось { $first }, в последний раз { $last }.
text-agrees-yes = Согласны так завершить инцидент.
text-agrees-no = Завершаем инцидент, но не согласны с тем, что вы о нём сказали.

## Line test, change of keys

text-test = Проверка связи № { $number }. Просим ответить.
text-test-reply = Ответ на проверку связи № { $number }.
text-log-end = Этим сообщением наш журнал в этом канале заканчивается. Номер следующего журнала: { $generation }.
text-log-open = Этим сообщением начинается наш новый журнал в этом канале.
text-why-planned = Причина: плановая смена ключей.
text-why-expiry = Причина: истекает срок действия ключей.
text-why-revoked = Причина: ключи отозваны.
text-why-lost = Причина: ключи утрачены.
text-why-partner = Причина: другая сторона меняет ключи.
text-log-keys = Метки следующих ключей: наши { $ours }, ваши { $theirs }.
text-log-before-ours = { $count ->
    [one] Наш предыдущий журнал: { $origin }, { $count } сообщение, корень { $root }.
    [few] Наш предыдущий журнал: { $origin }, { $count } сообщения, корень { $root }.
   *[many] Наш предыдущий журнал: { $origin }, { $count } сообщений, корень { $root }.
}
text-log-before-theirs = { $count ->
    [one] Ваш предыдущий журнал, насколько он у нас есть: { $origin }, { $count } сообщение, корень { $root }.
    [few] Ваш предыдущий журнал, насколько он у нас есть: { $origin }, { $count } сообщения, корень { $root }.
   *[many] Ваш предыдущий журнал, насколько он у нас есть: { $origin }, { $count } сообщений, корень { $root }.
}

## Own object, measure

text-condition-out-of-control = Мы потеряли управление своим объектом вблизи границы.
text-condition-in-flight = Наш объект летит вблизи границы.
text-condition-under-control = Наш объект вблизи границы снова управляем.
text-condition-landed = Наш объект вблизи границы приземлился.
text-own-until = Ожидаемое окончание полёта: { $time }.
text-measure-airspace-closed = Мы закрыли часть своего воздушного пространства.
text-measure-airspace-restricted = Мы ограничили полёты в части своего воздушного пространства.
text-measure-response-flight = Из-за объекта в воздухе наше воздушное судно. Оно остаётся в нашем районе.
text-measure-search-flight = Наше воздушное судно ведёт поиск. Оно остаётся в нашем районе.
text-area = Район: в радиусе { $radius } от { $place }.
text-period = Время: с { $from } до { $until }.
text-floor = Нижняя граница: { $altitude }.
text-ceiling = Верхняя граница: { $altitude }.

## Find, evidence, nothing found

text-what-debris = Найдены обломки.
text-what-whole-object = Найден целый объект.
text-what-balloon = Найден воздушный шар.
text-what-payload = Найден груз.
text-find-place = Место находки: { $place }, точность { $accuracy }.
text-find-time = Найдено { $time }.
text-find-object = Относится к объекту { $number } инцидента.
text-hazard-none-seen = Опасности не замечено.
text-hazard-possible = Может быть опасно: не приближайтесь.
text-hazard-confirmed = Опасно: не приближайтесь.
text-secured-yes = Место под охраной.
text-secured-no = Место ещё не под охраной.
text-evidence-photograph = Предлагаем вам фотографию.
text-evidence-document = Предлагаем вам документ.
text-evidence-data = Предлагаем вам данные.
text-evidence-part = Предлагаем вам часть объекта.
text-evidence-find = Относится к находке из нашего сообщения № { $serial }.
text-evidence-obtained = Получено { $time }.
text-evidence-item = { $count ->
    [one] Размер: { $count } байт. SHA-256: { $sha256 }.
    [few] Размер: { $count } байта. SHA-256: { $sha256 }.
   *[many] Размер: { $count } байт. SHA-256: { $sha256 }.
}
text-means-radar = Мы искали радаром и ничего не нашли.
text-means-air = Мы искали с воздуха и ничего не нашли.
text-means-ground = Мы искали на земле и ничего не нашли.
text-means-water = Мы искали на воде и ничего не нашли.

## Warning of the public

text-level-possible = Мы оповестили своё население о возможной опасности.
text-level-shelter = Мы сказали своему населению укрыться.
text-level-all-clear = Мы сообщили своему населению, что опасность миновала.
text-warned-district = Территория: { $district }.

## Correction, cancellation

text-correct = Исправляем своё сообщение № { $serial }. Оба остаются в журнале.
text-correct-reads = Следует читать, { $type }:
text-cancel = Отменяем своё сообщение № { $serial }. Оба остаются в журнале.
text-cancel-why-sent-in-error = Причина: отправлено по ошибке.
text-cancel-why-wrong-object = Причина: речь шла не о том объекте.
text-cancel-why-wrong-partner = Причина: отправлено не тому партнёру.
text-cancel-why-superseded = Причина: его заменяет более позднее сообщение.

## Life of the agreement

text-activate = Со своей стороны вводим соглашение в действие. Оно действует, когда обе стороны сказали это об одном и том же тексте.
text-suspend = Приостанавливаем соглашение. Пока мы его не возобновим, об инцидентах ничего не говорится.
text-resume = Возобновляем соглашение.
text-end = Прекращаем соглашение с { $time }.
text-why-ordered = Причина: распоряжение вышестоящего уровня.
text-why-technical = Причина: техническая.
text-why-keys-in-doubt = Причина: ключи под сомнением.
text-why-misuse = Причина: неправильное использование канала.
text-why-no-reason-given = Причина не названа.
text-why-expired = Причина: срок соглашения истёк.
text-why-replaced = Причина: его заменяет другое соглашение.
text-why-breach = Причина: нарушение соглашения.
text-why-withdrawn = Причина: наш ввод в действие отозван.
text-life = Период действия соглашения № { $number }, текст { $agreement }.
text-life-taken = { $count ->
    [one] В этот момент у нас было { $count } ваше сообщение.
    [few] В этот момент у нас было { $count } ваших сообщения.
   *[many] В этот момент у нас было { $count } ваших сообщений.
}
