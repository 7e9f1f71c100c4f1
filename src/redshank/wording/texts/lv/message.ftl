### What a message says, as sentences, Latvian. `plan.json` says which sentence is said of which message, and with what.
### Codes and names stand after a colon or an arrow, so that no language has to decline them.

## Figures. A no-break space stands between a number and its unit.

figure-decimal = ,
figure-m = { $value }{"\u00A0"}m
figure-km = { $value }{"\u00A0"}km
figure-kmh = { $value }{"\u00A0"}km/h
figure-percent = { $value }{"\u00A0"}%
figure-beyond = { $value }{"\u00A0"}ms pēc 1970-01-01

## Head of a message

text-head = { $type }, kārtas numurs { $serial }, sūta { $sender }, pateikts { $time }.
text-observed = Novērots { $time }.
text-in-reply-to = Atbilde uz saņēmēja žurnāla ierakstu Nr. { $serial }.
text-of-generation = Tas ir šī kanāla { $generation }. žurnāls.
text-remark = Neoficiāla piezīme: “{ $remark }”
text-unnamed = { $member }: { $value }
text-unreadable = Noraidīts, nav izlasāms: { $reason }.

## Notice, update, lost

text-phase-possible = Objekts var šķērsot robežu.
text-phase-crossing = Objekts šķērso robežu.
text-phase-crossed = Objekts ir šķērsojis robežu.
text-object = Objekts { $number }: { $status }.
text-object-count = { $count ->
    [zero] Tie ir { $count } objekti kopā.
    [one] Tas ir { $count } objekts.
   *[other] Tie ir { $count } objekti kopā.
}
text-object-place = Atrašanās vieta: { $place }, precizitāte { $accuracy } (95{"\u00A0"}%).
text-object-course = Kurss: { $course }.
text-object-speed = Ātrums: { $speed }.
text-object-altitude = Augstums: { $altitude }.
text-crossing = Robežas { $border } šķērsošana, { $from } → { $to }: varbūtība { $percent }, visticamāk { $time }, 80{"\u00A0"}% gadījumu { $window }.
text-crossing-stretch = Robežas posms (80{"\u00A0"}%): { $begin } – { $end }.
text-district = Novads vai apgabals objekta ceļā: { $district }. Varbūtība { $percent }, visticamāk { $time }, 80{"\u00A0"}% gadījumu { $window }.
text-lost = Objekta izsekošana pārtrūkusi. Pēdējie zināmie dati:
text-lost-search = Meklēšanas apgabals paziņošanas brīdī (90{"\u00A0"}%): { $radius } rādiusā no { $place }.

## Question and answer

text-question-yours-or-known = Vai objekts { $number } ir jūsu, vai tas jums ir zināms?
text-answer-ours = Objekts ir mūsu.
text-answer-known = Objekts mums ir zināms.
text-answer-unknown = Objekts mums nav zināms.
text-answer-no-information = Mums nav informācijas par objektu.
text-answer-cannot-say = Par objektu neko nevaram pateikt.
text-ack = Izlasījis cilvēks: { $role }.

## Close

text-outcome-crossed = Slēdzam notikumu: objekts šķērsoja robežu.
text-outcome-did-not-cross = Slēdzam notikumu: objekts robežu nešķērsoja.
text-outcome-identified = Slēdzam notikumu: objekts ir identificēts.
text-outcome-lost = Slēdzam notikumu: objekts ir pazaudēts.
text-outcome-found = Slēdzam notikumu: objekts ir atrasts.
text-outcome-no-further-information = Slēdzam notikumu: citas informācijas nav.
text-close-objects = { $count ->
    [zero] Bija { $count } objektu.
    [one] Bija { $count } objekts.
   *[other] Bija { $count } objekti.
}
text-close-seen = Pirmoreiz novērots { $first }, pēdējoreiz novērots { $last }.
text-agrees-yes = Piekrītam šādi slēgt notikumu.
text-agrees-no = Notikumu slēdzam, bet nepiekrītam tam, ko par to teicāt.

## Line test, change of keys

text-test = Sakaru pārbaude Nr. { $number }. Lūdzam atbildēt.
text-test-reply = Atbilde uz sakaru pārbaudi Nr. { $number }.
text-log-end = Ar šo ziņojumu mūsu žurnāls šajā kanālā beidzas. Nākamā žurnāla numurs: { $generation }.
text-log-open = Ar šo ziņojumu sākas mūsu jaunais žurnāls šajā kanālā.
text-why-planned = Iemesls: plānota atslēgu maiņa.
text-why-expiry = Iemesls: beidzas atslēgu derīgums.
text-why-revoked = Iemesls: atslēgas ir atsauktas.
text-why-lost = Iemesls: atslēgas ir pazaudētas.
text-why-partner = Iemesls: otra puse maina atslēgas.
text-log-keys = Nākamo atslēgu zīmes: mūsu { $ours }, jūsu { $theirs }.
text-log-before-ours = { $count ->
    [zero] Mūsu iepriekšējais žurnāls: { $origin }, { $count } ziņojumu, sakne { $root }.
    [one] Mūsu iepriekšējais žurnāls: { $origin }, { $count } ziņojums, sakne { $root }.
   *[other] Mūsu iepriekšējais žurnāls: { $origin }, { $count } ziņojumi, sakne { $root }.
}
text-log-before-theirs = { $count ->
    [zero] Jūsu iepriekšējais žurnāls, cik mums tā ir: { $origin }, { $count } ziņojumu, sakne { $root }.
    [one] Jūsu iepriekšējais žurnāls, cik mums tā ir: { $origin }, { $count } ziņojums, sakne { $root }.
   *[other] Jūsu iepriekšējais žurnāls, cik mums tā ir: { $origin }, { $count } ziņojumi, sakne { $root }.
}

## Own object, measure

text-condition-out-of-control = Esam zaudējuši vadību pār savu objektu robežas tuvumā.
text-condition-in-flight = Mūsu objekts lido robežas tuvumā.
text-condition-under-control = Mūsu objekts robežas tuvumā atkal ir vadāms.
text-condition-landed = Mūsu objekts robežas tuvumā ir nolaidies.
text-own-until = Paredzamās lidojuma beigas: { $time }.
text-measure-airspace-closed = Esam slēguši daļu savas gaisa telpas.
text-measure-airspace-restricted = Esam ierobežojuši lidojumus daļā savas gaisa telpas.
text-measure-response-flight = Objekta dēļ gaisā ir mūsu gaisa kuģis. Tas paliek mūsu apgabalā.
text-measure-search-flight = Mūsu gaisa kuģis veic meklēšanu. Tas paliek mūsu apgabalā.
text-area = Apgabals: { $radius } rādiusā no { $place }.
text-period = Laiks: no { $from } līdz { $until }.
text-floor = Apakšējā robeža: { $altitude }.
text-ceiling = Augšējā robeža: { $altitude }.

## Find, evidence, nothing found

text-what-debris = Ir atrastas atlūzas.
text-what-whole-object = Ir atrasts vesels objekts.
text-what-balloon = Ir atrasts balons.
text-what-payload = Ir atrasta krava.
text-find-place = Atrašanas vieta: { $place }, precizitāte { $accuracy }.
text-find-time = Atrasts { $time }.
text-find-object = Tas ir notikuma objekts { $number }.
text-hazard-none-seen = Bīstamība nav pamanīta.
text-hazard-possible = Var būt bīstami: netuvojieties.
text-hazard-confirmed = Bīstami: netuvojieties.
text-secured-yes = Vieta tiek apsargāta.
text-secured-no = Vieta vēl netiek apsargāta.
text-evidence-photograph = Piedāvājam jums fotogrāfiju.
text-evidence-document = Piedāvājam jums dokumentu.
text-evidence-data = Piedāvājam jums datus.
text-evidence-part = Piedāvājam jums objekta daļu.
text-evidence-find = Tas attiecas uz atradumu mūsu ziņojumā Nr. { $serial }.
text-evidence-obtained = Iegūts { $time }.
text-evidence-item = { $count ->
    [zero] Izmērs: { $count } baitu. SHA-256: { $sha256 }.
    [one] Izmērs: { $count } baits. SHA-256: { $sha256 }.
   *[other] Izmērs: { $count } baiti. SHA-256: { $sha256 }.
}
text-means-radar = Meklējām ar radaru un neko neatradām.
text-means-air = Meklējām no gaisa un neko neatradām.
text-means-ground = Meklējām uz zemes un neko neatradām.
text-means-water = Meklējām uz ūdens un neko neatradām.

## Warning of the public

text-level-possible = Esam paziņojuši saviem iedzīvotājiem par iespējamu apdraudējumu.
text-level-shelter = Esam aicinājuši savus iedzīvotājus doties patvērumā.
text-level-all-clear = Esam paziņojuši saviem iedzīvotājiem, ka apdraudējums ir beidzies.
text-warned-district = Teritorija: { $district }.

## Correction, cancellation

text-correct = Ar šo labojam savu ziņojumu Nr. { $serial }. Žurnālā paliek abi.
text-correct-reads = Jābūt, { $type }:
text-cancel = Ar šo atceļam savu ziņojumu Nr. { $serial }. Žurnālā paliek abi.
text-cancel-why-sent-in-error = Iemesls: nosūtīts kļūdas dēļ.
text-cancel-why-wrong-object = Iemesls: runa bija par citu objektu.
text-cancel-why-wrong-partner = Iemesls: nosūtīts citam partnerim.
text-cancel-why-superseded = Iemesls: to aizstāj vēlāks ziņojums.

## Life of the agreement

text-activate = No savas puses vienošanos iedarbinām. Tā ir spēkā, kad abas puses to ir teikušas par vienu un to pašu tekstu.
text-suspend = Apturam vienošanos. Kamēr to neatsākam, par notikumiem nekas netiek teikts.
text-resume = Atsākam vienošanos.
text-end = Izbeidzam vienošanos no { $time }.
text-why-ordered = Iemesls: augstāka līmeņa rīkojums.
text-why-technical = Iemesls: tehnisks.
text-why-keys-in-doubt = Iemesls: atslēgas ir apšaubāmas.
text-why-misuse = Iemesls: kanāla nepareiza izmantošana.
text-why-no-reason-given = Iemesls nav norādīts.
text-why-expired = Iemesls: vienošanās termiņš ir beidzies.
text-why-replaced = Iemesls: to aizstāj cita vienošanās.
text-why-breach = Iemesls: vienošanās pārkāpums.
text-why-withdrawn = Iemesls: mūsu iedarbināšana ir atsaukta.
text-life = Vienošanās darbības posms Nr. { $number }, teksts { $agreement }.
text-life-taken = { $count ->
    [zero] To sakot, mums bija { $count } jūsu ziņojumu.
    [one] To sakot, mums bija { $count } jūsu ziņojums.
   *[other] To sakot, mums bija { $count } jūsu ziņojumi.
}
