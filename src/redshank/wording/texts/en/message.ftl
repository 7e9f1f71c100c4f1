### What a message says, as sentences, English. `plan.json` says which sentence is said of which message, and with what.
### Codes and names stand after a colon or an arrow, so that no language has to decline them.

## Figures. A no-break space stands between a number and its unit.

figure-decimal = .
figure-m = { $value }{"\u00A0"}m
figure-km = { $value }{"\u00A0"}km
figure-kmh = { $value }{"\u00A0"}km/h
figure-percent = { $value }{"\u00A0"}%
figure-beyond = { $value }{"\u00A0"}ms after 1970-01-01

## Head of a message

text-head = { $type } no. { $serial } of { $sender }, said on { $time }.
text-observed = Observed on { $time }.
text-in-reply-to = In reply to no. { $serial } of the receiver's log.
text-of-generation = That is in log { $generation } of this channel.
text-remark = Unofficial remark: “{ $remark }”
text-unnamed = { $member }: { $value }
text-unreadable = Refused, it can not be read: { $reason }.

## Notice, update, lost

text-phase-possible = An object may cross the border.
text-phase-crossing = An object is crossing the border.
text-phase-crossed = An object has crossed the border.
text-object = Object { $number }: { $status }.
text-object-count = { $count ->
    [one] It is { $count } object.
   *[other] These are { $count } objects together.
}
text-object-place = Position: { $place }, accurate to { $accuracy } (95{"\u00A0"}%).
text-object-course = Course: { $course }.
text-object-speed = Speed: { $speed }.
text-object-altitude = Altitude: { $altitude }.
text-crossing = Crossing of the border { $border }, { $from } → { $to }: probability { $percent }, most likely on { $time }, in 80{"\u00A0"}% of cases { $window }.
text-crossing-stretch = Stretch of the border (80{"\u00A0"}%): { $begin } – { $end }.
text-district = District in the path: { $district }. Probability { $percent }, most likely on { $time }, in 80{"\u00A0"}% of cases { $window }.
text-lost = The track of the object is lost. What was known last:
text-lost-search = Search area when this was said (90{"\u00A0"}%): within { $radius } of { $place }.

## Question and answer

text-question-yours-or-known = Is object { $number } yours, or is it known to you?
text-answer-ours = The object is ours.
text-answer-known = The object is known to us.
text-answer-unknown = The object is not known to us.
text-answer-no-information = We have no information about the object.
text-answer-cannot-say = We can not say anything about the object.
text-ack = A person has read it: { $role }.

## Close

text-outcome-crossed = We close the incident: the object crossed the border.
text-outcome-did-not-cross = We close the incident: the object did not cross the border.
text-outcome-identified = We close the incident: the object has been identified.
text-outcome-lost = We close the incident: the object was lost.
text-outcome-found = We close the incident: the object has been found.
text-outcome-no-further-information = We close the incident: there is no further information.
text-close-objects = { $count ->
    [one] There was { $count } object.
   *[other] There were { $count } objects.
}
text-close-seen = First observed on { $first }, last observed on { $last }.
text-agrees-yes = We agree to close the incident so.
text-agrees-no = We close the incident, but do not agree with what you said of it.

## Line test, change of keys

text-test = Line test no. { $number }. An answer is asked for.
text-test-reply = Answer to line test no. { $number }.
text-log-end = Our log on this channel ends with this message. Number of the next log: { $generation }.
text-log-open = Our new log on this channel begins with this message.
text-why-planned = Reason: a planned change of keys.
text-why-expiry = Reason: the keys expire.
text-why-revoked = Reason: the keys have been revoked.
text-why-lost = Reason: the keys are lost.
text-why-partner = Reason: the other party changes its keys.
text-log-keys = Marks of the next keys: ours { $ours }, yours { $theirs }.
text-log-before-ours = { $count ->
    [one] Our log before it: { $origin }, { $count } message, root { $root }.
   *[other] Our log before it: { $origin }, { $count } messages, root { $root }.
}
text-log-before-theirs = { $count ->
    [one] Your log before it, as far as we hold it: { $origin }, { $count } message, root { $root }.
   *[other] Your log before it, as far as we hold it: { $origin }, { $count } messages, root { $root }.
}

## Own object, measure

text-condition-out-of-control = We have lost control of an object of ours near the border.
text-condition-in-flight = An object of ours is flying near the border.
text-condition-under-control = Our object near the border is under control again.
text-condition-landed = Our object near the border has landed.
text-own-until = Expected end of its flight: { $time }.
text-measure-airspace-closed = We have closed airspace of ours.
text-measure-airspace-restricted = We have restricted flights in airspace of ours.
text-measure-response-flight = An aircraft of ours is in the air because of the object. It stays in our area.
text-measure-search-flight = An aircraft of ours is searching. It stays in our area.
text-area = Area: within { $radius } of { $place }.
text-period = Time: from { $from } until { $until }.
text-floor = Lower limit: { $altitude }.
text-ceiling = Upper limit: { $altitude }.

## Find, evidence, nothing found

text-what-debris = Debris has been found.
text-what-whole-object = A whole object has been found.
text-what-balloon = A balloon has been found.
text-what-payload = A payload has been found.
text-find-place = Place of the find: { $place }, accurate to { $accuracy }.
text-find-time = Found on { $time }.
text-find-object = It belongs to object { $number } of the incident.
text-hazard-none-seen = No hazard has been seen.
text-hazard-possible = It may be dangerous: keep away.
text-hazard-confirmed = It is dangerous: keep away.
text-secured-yes = The place is secured.
text-secured-no = The place is not secured yet.
text-evidence-photograph = We offer you a photograph.
text-evidence-document = We offer you a document.
text-evidence-data = We offer you data.
text-evidence-part = We offer you a part of the object.
text-evidence-find = It belongs to the find of our message no. { $serial }.
text-evidence-obtained = Obtained on { $time }.
text-evidence-item = { $count ->
    [one] Size: { $count } byte. SHA-256: { $sha256 }.
   *[other] Size: { $count } bytes. SHA-256: { $sha256 }.
}
text-means-radar = We have looked by radar and found nothing.
text-means-air = We have looked from the air and found nothing.
text-means-ground = We have looked on the ground and found nothing.
text-means-water = We have looked on the water and found nothing.

## Warning of the public

text-level-possible = We have told our public of a possible danger.
text-level-shelter = We have told our public to take shelter.
text-level-all-clear = We have told our public that the danger is over.
text-warned-district = District: { $district }.

## Correction, cancellation

text-correct = This corrects our message no. { $serial }. Both stay in the log.
text-correct-reads = It should read, as { $type }:
text-cancel = This cancels our message no. { $serial }. Both stay in the log.
text-cancel-why-sent-in-error = Reason: it was sent in error.
text-cancel-why-wrong-object = Reason: it spoke of the wrong object.
text-cancel-why-wrong-partner = Reason: it went to the wrong partner.
text-cancel-why-superseded = Reason: a later message replaces it.

## Life of the agreement

text-activate = We put the agreement into force on our side. It is in force once both sides have said so of the same text.
text-suspend = We suspend the agreement. Nothing of an incident is said until we resume it.
text-resume = We resume the agreement.
text-end = We end the agreement from { $time } on.
text-why-ordered = Reason: an order of our higher level.
text-why-technical = Reason: a technical one.
text-why-keys-in-doubt = Reason: keys are in doubt.
text-why-misuse = Reason: misuse of the channel.
text-why-no-reason-given = No reason is given.
text-why-expired = Reason: the agreement has expired.
text-why-replaced = Reason: another agreement takes its place.
text-why-breach = Reason: a breach of the agreement.
text-why-withdrawn = Reason: our activation is withdrawn.
text-life = Life no. { $number } of the agreement, text { $agreement }.
text-life-taken = { $count ->
    [one] When this was said, we held { $count } message of yours.
   *[other] When this was said, we held { $count } messages of yours.
}
