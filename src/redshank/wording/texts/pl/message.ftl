### What a message says, as sentences, Polish. `plan.json` says which sentence is said of which message, and with what.
### Codes and names stand after a colon or an arrow, so that no language has to decline them.

## Figures. A no-break space stands between a number and its unit.

figure-decimal = ,
figure-m = { $value }{"\u00A0"}m
figure-km = { $value }{"\u00A0"}km
figure-kmh = { $value }{"\u00A0"}km/h
figure-percent = { $value }%
figure-beyond = { $value }{"\u00A0"}ms po 1970-01-01

## Head of a message

text-head = { $type }, numer kolejny { $serial }, nadawca { $sender }, nadano { $time }.
text-observed = Zaobserwowano { $time }.
text-in-reply-to = W odpowiedzi na wpis nr { $serial } w dzienniku odbiorcy.
text-of-generation = To dziennik nr { $generation } tego kanału.
text-remark = Uwaga nieoficjalna: „{ $remark }”
text-unnamed = { $member }: { $value }
text-unreadable = Odrzucono, nie da się odczytać: { $reason }.

## Notice, update, lost

text-phase-possible = Obiekt może przekroczyć granicę.
text-phase-crossing = Obiekt przekracza granicę.
text-phase-crossed = Obiekt przekroczył granicę.
text-object = Obiekt { $number }: { $status }.
text-object-count = { $count ->
    [one] To { $count } obiekt.
    [few] To { $count } obiekty razem.
   *[many] To { $count } obiektów razem.
}
text-object-place = Położenie: { $place }, dokładność { $accuracy } (95%).
text-object-course = Kurs: { $course }.
text-object-speed = Prędkość: { $speed }.
text-object-altitude = Wysokość: { $altitude }.
text-crossing = Przekroczenie granicy { $border }, { $from } → { $to }: prawdopodobieństwo { $percent }, najpewniej { $time }, w 80% przypadków { $window }.
text-crossing-stretch = Odcinek granicy (80%): { $begin } – { $end }.
text-district = Powiat lub obwód na drodze obiektu: { $district }. Prawdopodobieństwo { $percent }, najpewniej { $time }, w 80% przypadków { $window }.
text-lost = Utracono śledzenie obiektu. Ostatnie znane dane:
text-lost-search = Obszar poszukiwań w chwili nadania (90%): w promieniu { $radius } od { $place }.

## Question and answer

text-question-yours-or-known = Czy obiekt { $number } jest wasz lub wam znany?
text-answer-ours = Obiekt jest nasz.
text-answer-known = Obiekt jest nam znany.
text-answer-unknown = Obiekt nie jest nam znany.
text-answer-no-information = Nie mamy informacji o obiekcie.
text-answer-cannot-say = Nie możemy nic powiedzieć o obiekcie.
text-ack = Przeczytał człowiek: { $role }.

## Close

text-outcome-crossed = Zamykamy zdarzenie: obiekt przekroczył granicę.
text-outcome-did-not-cross = Zamykamy zdarzenie: obiekt nie przekroczył granicy.
text-outcome-identified = Zamykamy zdarzenie: obiekt zidentyfikowano.
text-outcome-lost = Zamykamy zdarzenie: obiekt utracono.
text-outcome-found = Zamykamy zdarzenie: obiekt znaleziono.
text-outcome-no-further-information = Zamykamy zdarzenie: brak dalszych informacji.
text-close-objects = { $count ->
    [one] Był { $count } obiekt.
    [few] Były { $count } obiekty.
   *[many] Było { $count } obiektów.
}
text-close-seen = Po raz pierwszy zaobserwowano { $first }, po raz ostatni { $last }.
text-agrees-yes = Zgadzamy się tak zamknąć zdarzenie.
text-agrees-no = Zamykamy zdarzenie, ale nie zgadzamy się z tym, co o nim powiedzieliście.

## Line test, change of keys

text-test = Próba łączności nr { $number }. Prosimy o odpowiedź.
text-test-reply = Odpowiedź na próbę łączności nr { $number }.
text-log-end = Tym komunikatem kończy się nasz dziennik w tym kanale. Numer następnego dziennika: { $generation }.
text-log-open = Tym komunikatem zaczyna się nasz nowy dziennik w tym kanale.
text-why-planned = Powód: planowa zmiana kluczy.
text-why-expiry = Powód: upływa ważność kluczy.
text-why-revoked = Powód: klucze unieważniono.
text-why-lost = Powód: klucze utracono.
text-why-partner = Powód: druga strona zmienia klucze.
text-log-keys = Znaki następnych kluczy: nasze { $ours }, wasze { $theirs }.
text-log-before-ours = { $count ->
    [one] Nasz poprzedni dziennik: { $origin }, { $count } komunikat, korzeń { $root }.
    [few] Nasz poprzedni dziennik: { $origin }, { $count } komunikaty, korzeń { $root }.
   *[many] Nasz poprzedni dziennik: { $origin }, { $count } komunikatów, korzeń { $root }.
}
text-log-before-theirs = { $count ->
    [one] Wasz poprzedni dziennik, o ile go mamy: { $origin }, { $count } komunikat, korzeń { $root }.
    [few] Wasz poprzedni dziennik, o ile go mamy: { $origin }, { $count } komunikaty, korzeń { $root }.
   *[many] Wasz poprzedni dziennik, o ile go mamy: { $origin }, { $count } komunikatów, korzeń { $root }.
}

## Own object, measure

text-condition-out-of-control = Straciliśmy kontrolę nad własnym obiektem w pobliżu granicy.
text-condition-in-flight = Nasz obiekt leci w pobliżu granicy.
text-condition-under-control = Nasz obiekt w pobliżu granicy jest znów pod kontrolą.
text-condition-landed = Nasz obiekt w pobliżu granicy wylądował.
text-own-until = Przewidywany koniec lotu: { $time }.
text-measure-airspace-closed = Zamknęliśmy część naszej przestrzeni powietrznej.
text-measure-airspace-restricted = Ograniczyliśmy loty w części naszej przestrzeni powietrznej.
text-measure-response-flight = Z powodu obiektu w powietrzu jest nasz statek powietrzny. Pozostaje w naszym rejonie.
text-measure-search-flight = Nasz statek powietrzny prowadzi poszukiwania. Pozostaje w naszym rejonie.
text-area = Obszar: w promieniu { $radius } od { $place }.
text-period = Czas: od { $from } do { $until }.
text-floor = Dolna granica: { $altitude }.
text-ceiling = Górna granica: { $altitude }.

## Find, evidence, nothing found

text-what-debris = Znaleziono szczątki.
text-what-whole-object = Znaleziono cały obiekt.
text-what-balloon = Znaleziono balon.
text-what-payload = Znaleziono ładunek.
text-find-place = Miejsce znalezienia: { $place }, dokładność { $accuracy }.
text-find-time = Znaleziono { $time }.
text-find-object = Należy do obiektu { $number } w tym zdarzeniu.
text-hazard-none-seen = Nie zauważono zagrożenia.
text-hazard-possible = Może być niebezpieczne: nie zbliżać się.
text-hazard-confirmed = Niebezpieczne: nie zbliżać się.
text-secured-yes = Miejsce jest zabezpieczone.
text-secured-no = Miejsce nie jest jeszcze zabezpieczone.
text-evidence-photograph = Oferujemy wam fotografię.
text-evidence-document = Oferujemy wam dokument.
text-evidence-data = Oferujemy wam dane.
text-evidence-part = Oferujemy wam część obiektu.
text-evidence-find = Dotyczy znaleziska z naszego komunikatu nr { $serial }.
text-evidence-obtained = Uzyskano { $time }.
text-evidence-item = { $count ->
    [one] Rozmiar: { $count } bajt. SHA-256: { $sha256 }.
    [few] Rozmiar: { $count } bajty. SHA-256: { $sha256 }.
   *[many] Rozmiar: { $count } bajtów. SHA-256: { $sha256 }.
}
text-means-radar = Szukaliśmy radarem i niczego nie znaleźliśmy.
text-means-air = Szukaliśmy z powietrza i niczego nie znaleźliśmy.
text-means-ground = Szukaliśmy na ziemi i niczego nie znaleźliśmy.
text-means-water = Szukaliśmy na wodzie i niczego nie znaleźliśmy.

## Warning of the public

text-level-possible = Powiadomiliśmy naszą ludność o możliwym zagrożeniu.
text-level-shelter = Wezwaliśmy naszą ludność do ukrycia się.
text-level-all-clear = Powiadomiliśmy naszą ludność, że zagrożenie minęło.
text-warned-district = Teren: { $district }.

## Correction, cancellation

text-correct = Prostujemy nasz komunikat nr { $serial }. Oba pozostają w dzienniku.
text-correct-reads = Powinno być, { $type }:
text-cancel = Anulujemy nasz komunikat nr { $serial }. Oba pozostają w dzienniku.
text-cancel-why-sent-in-error = Powód: wysłano przez pomyłkę.
text-cancel-why-wrong-object = Powód: dotyczył niewłaściwego obiektu.
text-cancel-why-wrong-partner = Powód: wysłano do niewłaściwego partnera.
text-cancel-why-superseded = Powód: zastępuje go późniejszy komunikat.

## Life of the agreement

text-activate = Wprowadzamy porozumienie w życie po naszej stronie. Obowiązuje, gdy obie strony powiedzą to o tym samym tekście.
text-suspend = Zawieszamy porozumienie. Do wznowienia nic się nie mówi o zdarzeniach.
text-resume = Wznawiamy porozumienie.
text-end = Kończymy porozumienie od { $time }.
text-why-ordered = Powód: polecenie wyższego szczebla.
text-why-technical = Powód: techniczny.
text-why-keys-in-doubt = Powód: wątpliwości co do kluczy.
text-why-misuse = Powód: niewłaściwe użycie kanału.
text-why-no-reason-given = Powodu nie podano.
text-why-expired = Powód: porozumienie wygasło.
text-why-replaced = Powód: zastępuje je inne porozumienie.
text-why-breach = Powód: naruszenie porozumienia.
text-why-withdrawn = Powód: wycofaliśmy wprowadzenie w życie.
text-life = Okres obowiązywania porozumienia nr { $number }, tekst { $agreement }.
text-life-taken = { $count ->
    [one] W tej chwili mieliśmy { $count } wasz komunikat.
    [few] W tej chwili mieliśmy { $count } wasze komunikaty.
   *[many] W tej chwili mieliśmy { $count } waszych komunikatów.
}
