### What a message says, as sentences, Lithuanian. `plan.json` says which sentence is said of which message, and with what.
### Codes and names stand after a colon or an arrow, so that no language has to decline them.

## Figures. A no-break space stands between a number and its unit.

figure-decimal = ,
figure-m = { $value }{"\u00A0"}m
figure-km = { $value }{"\u00A0"}km
figure-kmh = { $value }{"\u00A0"}km/h
figure-percent = { $value }{"\u00A0"}%
figure-beyond = { $value }{"\u00A0"}ms po 1970-01-01

## Head of a message

text-head = { $type }, eilės numeris { $serial }, siunčia { $sender }, pasakyta { $time }.
text-observed = Stebėta { $time }.
text-in-reply-to = Atsakymas į gavėjo žurnalo įrašą Nr. { $serial }.
text-of-generation = Tai šio kanalo { $generation }-as žurnalas.
text-remark = Neoficiali pastaba: „{ $remark }“
text-unnamed = { $member }: { $value }
text-unreadable = Atmesta, negalima perskaityti: { $reason }.

## Notice, update, lost

text-phase-possible = Objektas gali kirsti sieną.
text-phase-crossing = Objektas kerta sieną.
text-phase-crossed = Objektas kirto sieną.
text-object = Objektas { $number }: { $status }.
text-object-count = { $count ->
    [one] Tai { $count } objektas.
    [few] Tai { $count } objektai kartu.
   *[other] Tai { $count } objektų kartu.
}
text-object-place = Vieta: { $place }, tikslumas { $accuracy } (95{"\u00A0"}%).
text-object-course = Kursas: { $course }.
text-object-speed = Greitis: { $speed }.
text-object-altitude = Aukštis: { $altitude }.
text-crossing = Sienos { $border } kirtimas, { $from } → { $to }: tikimybė { $percent }, greičiausiai { $time }, 80{"\u00A0"}% atvejų { $window }.
text-crossing-stretch = Sienos ruožas (80{"\u00A0"}%): { $begin } – { $end }.
text-district = Savivaldybė arba sritis objekto kelyje: { $district }. Tikimybė { $percent }, greičiausiai { $time }, 80{"\u00A0"}% atvejų { $window }.
text-lost = Objekto sekimas nutrūko. Paskutiniai žinomi duomenys:
text-lost-search = Paieškos plotas pranešimo metu (90{"\u00A0"}%): { $radius } spinduliu nuo { $place }.

## Question and answer

text-question-yours-or-known = Ar objektas { $number } jūsų, ar jis jums žinomas?
text-answer-ours = Objektas yra mūsų.
text-answer-known = Objektas mums žinomas.
text-answer-unknown = Objektas mums nežinomas.
text-answer-no-information = Informacijos apie objektą neturime.
text-answer-cannot-say = Apie objektą nieko pasakyti negalime.
text-ack = Perskaitė žmogus: { $role }.

## Close

text-outcome-crossed = Užbaigiame įvykį: objektas kirto sieną.
text-outcome-did-not-cross = Užbaigiame įvykį: objektas sienos nekirto.
text-outcome-identified = Užbaigiame įvykį: objektas nustatytas.
text-outcome-lost = Užbaigiame įvykį: objektas pamestas.
text-outcome-found = Užbaigiame įvykį: objektas rastas.
text-outcome-no-further-information = Užbaigiame įvykį: daugiau informacijos nėra.
text-close-objects = { $count ->
    [one] Buvo { $count } objektas.
    [few] Buvo { $count } objektai.
   *[other] Buvo { $count } objektų.
}
text-close-seen = Pirmą kartą stebėta { $first }, paskutinį kartą { $last }.
text-agrees-yes = Sutinkame taip užbaigti įvykį.
text-agrees-no = Įvykį užbaigiame, bet nesutinkame su tuo, ką apie jį pasakėte.

## Line test, change of keys

text-test = Ryšio patikra Nr. { $number }. Prašome atsakyti.
text-test-reply = Atsakymas į ryšio patikrą Nr. { $number }.
text-log-end = Šiuo pranešimu mūsų žurnalas šiame kanale baigiasi. Kito žurnalo numeris: { $generation }.
text-log-open = Šiuo pranešimu prasideda mūsų naujas žurnalas šiame kanale.
text-why-planned = Priežastis: planinis raktų keitimas.
text-why-expiry = Priežastis: baigiasi raktų galiojimas.
text-why-revoked = Priežastis: raktai atšaukti.
text-why-lost = Priežastis: raktai prarasti.
text-why-partner = Priežastis: kita šalis keičia raktus.
text-log-keys = Būsimų raktų žymos: mūsų { $ours }, jūsų { $theirs }.
text-log-before-ours = { $count ->
    [one] Ankstesnis mūsų žurnalas: { $origin }, { $count } pranešimas, šaknis { $root }.
    [few] Ankstesnis mūsų žurnalas: { $origin }, { $count } pranešimai, šaknis { $root }.
   *[other] Ankstesnis mūsų žurnalas: { $origin }, { $count } pranešimų, šaknis { $root }.
}
text-log-before-theirs = { $count ->
    [one] Ankstesnis jūsų žurnalas, kiek jo turime: { $origin }, { $count } pranešimas, šaknis { $root }.
    [few] Ankstesnis jūsų žurnalas, kiek jo turime: { $origin }, { $count } pranešimai, šaknis { $root }.
   *[other] Ankstesnis jūsų žurnalas, kiek jo turime: { $origin }, { $count } pranešimų, šaknis { $root }.
}

## Own object, measure

text-condition-out-of-control = Netekome savo objekto valdymo netoli sienos.
text-condition-in-flight = Mūsų objektas skrenda netoli sienos.
text-condition-under-control = Mūsų objektas netoli sienos vėl valdomas.
text-condition-landed = Mūsų objektas netoli sienos nusileido.
text-own-until = Numatoma skrydžio pabaiga: { $time }.
text-measure-airspace-closed = Uždarėme dalį savo oro erdvės.
text-measure-airspace-restricted = Apribojome skrydžius dalyje savo oro erdvės.
text-measure-response-flight = Dėl objekto pakilo mūsų orlaivis. Jis lieka mūsų rajone.
text-measure-search-flight = Mūsų orlaivis atlieka paiešką. Jis lieka mūsų rajone.
text-area = Plotas: { $radius } spinduliu nuo { $place }.
text-period = Laikas: nuo { $from } iki { $until }.
text-floor = Apatinė riba: { $altitude }.
text-ceiling = Viršutinė riba: { $altitude }.

## Find, evidence, nothing found

text-what-debris = Rasta nuolaužų.
text-what-whole-object = Rastas visas objektas.
text-what-balloon = Rastas oro balionas.
text-what-payload = Rastas krovinys.
text-find-place = Radimo vieta: { $place }, tikslumas { $accuracy }.
text-find-time = Rasta { $time }.
text-find-object = Tai įvykio objektas { $number }.
text-hazard-none-seen = Pavojaus nepastebėta.
text-hazard-possible = Gali būti pavojinga: nesiartinkite.
text-hazard-confirmed = Pavojinga: nesiartinkite.
text-secured-yes = Vieta saugoma.
text-secured-no = Vieta dar nesaugoma.
text-evidence-photograph = Siūlome jums nuotrauką.
text-evidence-document = Siūlome jums dokumentą.
text-evidence-data = Siūlome jums duomenis.
text-evidence-part = Siūlome jums objekto dalį.
text-evidence-find = Susiję su radiniu, apie kurį pranešta mūsų pranešimu Nr. { $serial }.
text-evidence-obtained = Gauta { $time }.
text-evidence-item = { $count ->
    [one] Dydis: { $count } baitas. SHA-256: { $sha256 }.
    [few] Dydis: { $count } baitai. SHA-256: { $sha256 }.
   *[other] Dydis: { $count } baitų. SHA-256: { $sha256 }.
}
text-means-radar = Ieškojome radaru ir nieko neradome.
text-means-air = Ieškojome iš oro ir nieko neradome.
text-means-ground = Ieškojome ant žemės ir nieko neradome.
text-means-water = Ieškojome vandenyje ir nieko neradome.

## Warning of the public

text-level-possible = Pranešėme savo gyventojams apie galimą pavojų.
text-level-shelter = Pranešėme savo gyventojams, kad slėptųsi.
text-level-all-clear = Pranešėme savo gyventojams, kad pavojus praėjo.
text-warned-district = Teritorija: { $district }.

## Correction, cancellation

text-correct = Taisomas mūsų pranešimas Nr. { $serial }. Žurnale lieka abu.
text-correct-reads = Turi būti, { $type }:
text-cancel = Atšaukiamas mūsų pranešimas Nr. { $serial }. Žurnale lieka abu.
text-cancel-why-sent-in-error = Priežastis: išsiųsta per klaidą.
text-cancel-why-wrong-object = Priežastis: kalbėta apie ne tą objektą.
text-cancel-why-wrong-partner = Priežastis: išsiųsta ne tam partneriui.
text-cancel-why-superseded = Priežastis: jį pakeičia vėlesnis pranešimas.

## Life of the agreement

text-activate = Iš savo pusės įjungiame susitarimą. Jis galioja, kai abi šalys tai pasako apie tą patį tekstą.
text-suspend = Sustabdome susitarimą. Kol jo neatnaujinsime, apie įvykius nieko nesakoma.
text-resume = Atnaujiname susitarimą.
text-end = Baigiame susitarimą nuo { $time }.
text-why-ordered = Priežastis: aukštesnio lygmens nurodymas.
text-why-technical = Priežastis: techninė.
text-why-keys-in-doubt = Priežastis: abejojama raktais.
text-why-misuse = Priežastis: netinkamas kanalo naudojimas.
text-why-no-reason-given = Priežastis nenurodyta.
text-why-expired = Priežastis: susitarimo galiojimas baigėsi.
text-why-replaced = Priežastis: jį pakeičia kitas susitarimas.
text-why-breach = Priežastis: susitarimo pažeidimas.
text-why-withdrawn = Priežastis: mūsų įjungimas atšauktas.
text-life = Susitarimo galiojimo laikotarpis Nr. { $number }, tekstas { $agreement }.
text-life-taken = { $count ->
    [one] Tai sakydami turėjome { $count } jūsų pranešimą.
    [few] Tai sakydami turėjome { $count } jūsų pranešimus.
   *[other] Tai sakydami turėjome { $count } jūsų pranešimų.
}
