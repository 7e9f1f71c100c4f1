### What a message says, as sentences, Estonian. `plan.json` says which sentence is said of which message, and with what.
### Codes and names stand after a colon or an arrow, so that no language has to decline them.

## Figures. A no-break space stands between a number and its unit.

figure-decimal = ,
figure-m = { $value }{"\u00A0"}m
figure-km = { $value }{"\u00A0"}km
figure-kmh = { $value }{"\u00A0"}km/h
figure-percent = { $value }{"\u00A0"}%
figure-beyond = { $value }{"\u00A0"}ms pärast 1970-01-01

## Head of a message

text-head = { $type }, järjenumber { $serial }, saatja { $sender }, öeldud { $time }.
text-observed = Vaadeldud { $time }.
text-in-reply-to = Vastus vastuvõtja logi kirjele nr { $serial }.
text-of-generation = See on selle kanali { $generation }. logi.
text-remark = Mitteametlik märkus: „{ $remark }“
text-unnamed = { $member }: { $value }
text-unreadable = Tagasi lükatud, ei ole loetav: { $reason }.

## Notice, update, lost

text-phase-possible = Objekt võib piiri ületada.
text-phase-crossing = Objekt ületab piiri.
text-phase-crossed = Objekt on piiri ületanud.
text-object = Objekt { $number }: { $status }.
text-object-count = { $count ->
    [one] See on { $count } objekt.
   *[other] Neid on { $count } objekti koos.
}
text-object-place = Asukoht: { $place }, täpsus { $accuracy } (95{"\u00A0"}%).
text-object-course = Kurss: { $course }.
text-object-speed = Kiirus: { $speed }.
text-object-altitude = Kõrgus: { $altitude }.
text-crossing = Piiri { $border } ületamine, { $from } → { $to }: tõenäosus { $percent }, kõige tõenäolisemalt { $time }, 80{"\u00A0"}% juhtudest { $window }.
text-crossing-stretch = Piirilõik (80{"\u00A0"}%): { $begin } – { $end }.
text-district = Omavalitsus või oblast objekti teel: { $district }. Tõenäosus { $percent }, kõige tõenäolisemalt { $time }, 80{"\u00A0"}% juhtudest { $window }.
text-lost = Objekti jälgimine katkes. Viimased teadaolevad andmed:
text-lost-search = Otsinguala teatamise hetkel (90{"\u00A0"}%): { $radius } raadiuses punktist { $place }.

## Question and answer

text-question-yours-or-known = Kas objekt { $number } on teie oma või on see teile teada?
text-answer-ours = Objekt on meie oma.
text-answer-known = Objekt on meile teada.
text-answer-unknown = Objekt ei ole meile teada.
text-answer-no-information = Meil ei ole objekti kohta teavet.
text-answer-cannot-say = Me ei saa objekti kohta midagi öelda.
text-ack = Inimene on lugenud: { $role }.

## Close

text-outcome-crossed = Sulgeme juhtumi: objekt ületas piiri.
text-outcome-did-not-cross = Sulgeme juhtumi: objekt ei ületanud piiri.
text-outcome-identified = Sulgeme juhtumi: objekt on tuvastatud.
text-outcome-lost = Sulgeme juhtumi: objekt on kadunud.
text-outcome-found = Sulgeme juhtumi: objekt on leitud.
text-outcome-no-further-information = Sulgeme juhtumi: rohkem teavet ei ole.
text-close-objects = { $count ->
    [one] Oli { $count } objekt.
   *[other] Oli { $count } objekti.
}
text-close-seen = Esimest korda vaadeldud { $first }, viimati vaadeldud { $last }.
text-agrees-yes = Oleme nõus juhtumi nii sulgema.
text-agrees-no = Sulgeme juhtumi, kuid ei nõustu sellega, mida te selle kohta ütlesite.

## Line test, change of keys

text-test = Side kontroll nr { $number }. Palume vastata.
text-test-reply = Vastus side kontrollile nr { $number }.
text-log-end = Selle sõnumiga meie logi selles kanalis lõpeb. Järgmise logi number: { $generation }.
text-log-open = Selle sõnumiga algab meie uus logi selles kanalis.
text-why-planned = Põhjus: plaaniline võtmete vahetus.
text-why-expiry = Põhjus: võtmete kehtivus lõpeb.
text-why-revoked = Põhjus: võtmed on tühistatud.
text-why-lost = Põhjus: võtmed on kadunud.
text-why-partner = Põhjus: teine pool vahetab võtmeid.
text-log-keys = Järgmiste võtmete märgid: meie { $ours }, teie { $theirs }.
text-log-before-ours = { $count ->
    [one] Meie eelmine logi: { $origin }, { $count } sõnum, juur { $root }.
   *[other] Meie eelmine logi: { $origin }, { $count } sõnumit, juur { $root }.
}
text-log-before-theirs = { $count ->
    [one] Teie eelmine logi, nii palju kui meil seda on: { $origin }, { $count } sõnum, juur { $root }.
   *[other] Teie eelmine logi, nii palju kui meil seda on: { $origin }, { $count } sõnumit, juur { $root }.
}

## Own object, measure

text-condition-out-of-control = Oleme kaotanud juhtimise oma objekti üle piiri lähedal.
text-condition-in-flight = Meie objekt lendab piiri lähedal.
text-condition-under-control = Meie objekt piiri lähedal on jälle juhitav.
text-condition-landed = Meie objekt piiri lähedal on maandunud.
text-own-until = Lennu eeldatav lõpp: { $time }.
text-measure-airspace-closed = Oleme sulgenud osa oma õhuruumist.
text-measure-airspace-restricted = Oleme piiranud lende osas oma õhuruumist.
text-measure-response-flight = Meie õhusõiduk on objekti pärast õhus. See jääb meie alale.
text-measure-search-flight = Meie õhusõiduk otsib. See jääb meie alale.
text-area = Ala: { $radius } raadiuses punktist { $place }.
text-period = Aeg: { $from } kuni { $until }.
text-floor = Alumine piir: { $altitude }.
text-ceiling = Ülemine piir: { $altitude }.

## Find, evidence, nothing found

text-what-debris = On leitud rusud.
text-what-whole-object = On leitud terve objekt.
text-what-balloon = On leitud õhupall.
text-what-payload = On leitud last.
text-find-place = Leiukoht: { $place }, täpsus { $accuracy }.
text-find-time = Leitud { $time }.
text-find-object = See kuulub juhtumi objekti { $number } juurde.
text-hazard-none-seen = Ohtu ei ole märgatud.
text-hazard-possible = See võib olla ohtlik: hoidke eemale.
text-hazard-confirmed = See on ohtlik: hoidke eemale.
text-secured-yes = Koht on valve all.
text-secured-no = Koht ei ole veel valve all.
text-evidence-photograph = Pakume teile fotot.
text-evidence-document = Pakume teile dokumenti.
text-evidence-data = Pakume teile andmeid.
text-evidence-part = Pakume teile objekti osa.
text-evidence-find = See kuulub meie sõnumis nr { $serial } teatatud leiu juurde.
text-evidence-obtained = Saadud { $time }.
text-evidence-item = { $count ->
    [one] Suurus: { $count } bait. SHA-256: { $sha256 }.
   *[other] Suurus: { $count } baiti. SHA-256: { $sha256 }.
}
text-means-radar = Otsisime radariga ega leidnud midagi.
text-means-air = Otsisime õhust ega leidnud midagi.
text-means-ground = Otsisime maapinnal ega leidnud midagi.
text-means-water = Otsisime vees ega leidnud midagi.

## Warning of the public

text-level-possible = Oleme oma elanikele teatanud võimalikust ohust.
text-level-shelter = Oleme oma elanikele öelnud, et nad varjuksid.
text-level-all-clear = Oleme oma elanikele teatanud, et oht on möödas.
text-warned-district = Piirkond: { $district }.

## Correction, cancellation

text-correct = Sellega parandame oma sõnumit nr { $serial }. Mõlemad jäävad logisse.
text-correct-reads = Õige on, { $type }:
text-cancel = Sellega tühistame oma sõnumi nr { $serial }. Mõlemad jäävad logisse.
text-cancel-why-sent-in-error = Põhjus: saadetud ekslikult.
text-cancel-why-wrong-object = Põhjus: jutt oli valest objektist.
text-cancel-why-wrong-partner = Põhjus: saadetud valele partnerile.
text-cancel-why-superseded = Põhjus: selle asendab hilisem sõnum.

## Life of the agreement

text-activate = Jõustame kokkuleppe omalt poolt. See kehtib, kui mõlemad pooled on seda sama teksti kohta öelnud.
text-suspend = Peatame kokkuleppe. Kuni me seda ei jätka, juhtumitest midagi ei öelda.
text-resume = Jätkame kokkulepet.
text-end = Lõpetame kokkuleppe alates { $time }.
text-why-ordered = Põhjus: kõrgema tasandi korraldus.
text-why-technical = Põhjus: tehniline.
text-why-keys-in-doubt = Põhjus: võtmetes kaheldakse.
text-why-misuse = Põhjus: kanali väärkasutus.
text-why-no-reason-given = Põhjust ei ole öeldud.
text-why-expired = Põhjus: kokkuleppe tähtaeg on möödas.
text-why-replaced = Põhjus: selle asendab teine kokkulepe.
text-why-breach = Põhjus: kokkuleppe rikkumine.
text-why-withdrawn = Põhjus: meie jõustamine on tagasi võetud.
text-life = Kokkuleppe kehtivusaeg nr { $number }, tekst { $agreement }.
text-life-taken = { $count ->
    [one] Seda öeldes oli meil { $count } teie sõnum.
   *[other] Seda öeldes oli meil { $count } teie sõnumit.
}
