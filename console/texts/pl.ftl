### Texts of the console and of the exercise director's page, Polish. Codes are those of the wire and of the view.

waiting = Oczekiwanie na węzeł …
close = Zamknij
exercise = ĆWICZENIA
clock-rate = zegar × { $rate }
clock-paused = zegar zatrzymany
never = nigdy
weekday-0 = nd
weekday-1 = pn
weekday-2 = wt
weekday-3 = śr
weekday-4 = cz
weekday-5 = pt
weekday-6 = sb
unit-seconds = { $value } s
unit-minutes = { $value } min
unit-hours = { $value } godz.

## Top bar

due-none = Nic do zrobienia
due-us = Po naszej stronie: { $what }
due-us-to = Po naszej stronie: { $what } → { $partner }
due-partner = Po stronie { $partner }: { $what }
link-live = na żywo
link-paused = na żywo, zegar zatrzymany
link-stale = OBRAZ SPRZED { $seconds } s
link-lost = BRAK POŁĄCZENIA Z WĘZŁEM, { $seconds } s
top-report = Zgłoś obserwację
top-theme = Ciemny lub jasny
top-help = Klawisze
top-language = Język

## Queue

queue-title = Zdarzenia
queue-empty = Brak otwartych zdarzeń.
queue-more = i jeszcze { $count }
queue-show-closed = Pokaż zamknięte ({ $count })
queue-hide-closed = Ukryj zamknięte
incident-phase-open = otwarte
incident-phase-closing = zamykane
incident-phase-closed = zamknięte
no-crossing = w ciągu 60 min nie przewiduje się przekroczenia granicy
window = 10–90%: { $window } · { $at } · na { $stretch }
overdue = PO TERMINIE
owner-us = Po naszej stronie:
owner-partner = Po stronie { $partner }:
escalated = → { $step }
warnings-proposed = { $count ->
    [one] { $count } ostrzeżenie do decyzji
    [few] { $count } ostrzeżenia do decyzji
   *[many] { $count } ostrzeżeń do decyzji
}

## Map

map-mine = Mój obraz
map-theirs = Co widzi { $partner }
map-fit = Pokaż zdarzenie
sees-title = Co oni widzą
sees-mine = tylko mój
sees-sum = { $partner }: przekazano { $released }, wstrzymano { $held }
sees-released = przekazywane
sees-held = wstrzymane
sees-same = jak w moim obrazie
legend-own = własny śledzony obiekt
legend-received = otrzymany od partnera
legend-fused = scalony, kilku obserwatorów
legend-search = utracony: obszar poszukiwań 90%
legend-stretch = odcinek przekroczenia 80%
legend-district = powiat na drodze
track-held = Uznawany za
track-kind = Śledzony obiekt
track-place = Położenie
track-motion = Ruch
track-sure = Elipsa
track-age = Ostatni meldunek
track-sources = { $count ->
    [one] { $count } źródło
    [few] { $count } źródła
   *[many] { $count } źródeł
}
track-open = Otwórz zdarzenie
track-status = Ustaw status
kind-own = własny ({ $observer })
kind-received = otrzymany, { $observer }
kind-fused = scalony: { $parts }
field-position = położenie
field-position-wgs84 = położenie
field-accuracy-m = dokładność
field-altitude-m = wysokość
field-altitude = wysokość
field-course-deg = kurs
field-course = kurs
field-speed-kmh = prędkość
field-speed = prędkość
field-status = status
field-time = czas
field-at = położenie
field-sources = źródła
field-track = cały obiekt
field-track-id = numer obiektu
field-reports = liczba meldunków
field-covariance = elipsa
field-trail = ślad
field-forecast = prognoza
field-crossing = przekroczenie granicy
field-districts = powiaty
field-observed-ms = czas obserwacji
field-search-radius-m = obszar poszukiwań
field-answer = odpowiedź co do istoty
field-outcome = jak się skończyło
field-objects = liczba obiektów
field-until-ms = przewidywany koniec
field-floor-m = dolna granica
field-ceiling-m = górna granica
field-object = obiekt
field-find = znalezisko, którego dotyczy
life-tentative = wstępny
life-live = śledzony
life-lost = UTRACONY
life-ended = zakończony

## Incident

incident-none = Nie wybrano zdarzenia.
incident-opened = otwarto { $at }, powód: { $by }
incident-aliases = także { $ids }
opened-forecast = prognoza
opened-crossing = przekroczenie granicy
opened-notice = powiadomienie partnera
opened-partner = powiadomienie partnera
opened-person = człowiek
thread-none = Jeszcze w żadnym kanale.
thread-at-home = u nas
thread-state = { $partner }: { $state }
unread = nieprzeczytany komunikat
says-all = Pełna treść
unofficial = nieoficjalne
serial = nr { $serial }
in-reply-to = do { $serial }
rule-title = Zasada, która na to zezwoliła
received = odebrano
read = przeczytano
answered = odpowiedziano
not-received = nie odebrano
not-read = nie przeczytano
not-answered = brak odpowiedzi
gist-lost = utracono śledzenie, szukać w promieniu { $radius }
act-ack = Potwierdź
act-reply = Odpowiedz
act-query = Zapytaj
act-notice = Powiadom
act-close = Zamknij
act-agree-close = Zgódź się zamknąć
act-disagree-close = Nie zgadzaj się
act-close-alone = Zamknij samodzielnie

## Warnings

warnings-title = Ostrzeżenia dla ludności
warning-issue = Wydaj …
warning-proposed = zaproponowano { $at }
warning-issued = wydano { $at }
warning-ended = zakończono { $at }
warning-impact = tam za { $left }
warning-here = już tam

## Forms

form-reply = Odpowiedź: { $partner }
form-query = Zapytanie: { $partner }
form-query-asks = Czy ten obiekt jest wasz lub wam znany?
form-notice = Powiadomienie: { $partner }
form-close = Zamknięcie: { $partner }
form-agree = Zgoda na zamknięcie z { $partner }: { $outcome }
form-disagree = Zamknięcie, ale nie tak, jak mówi { $partner }: { $outcome }
form-alone = Zamknięcie bez { $partner }
form-home = Zamknij zdarzenie
form-alone-asks = Nic nie zostanie wysłane. W zapisie pozostanie, że nikt inny się nie zgodził.
form-warning = { $level }: { $district }
form-warning-asks = Ostrzeżenie trafi od razu do właściwego organu.
form-open = Otwórz zdarzenie: { $track }
form-open-asks = Ruszą terminy procedury, a kanały mogą zostać powiadomione.
form-status = Status: { $track }
form-remark = Uwaga nieoficjalna (niewymagana)
form-send = Wyślij
form-issue = Wydaj teraz
form-sending = Wysyłanie …
form-cancel = Anuluj
preview-title = { $partner } przeczyta
preview-held = Nic nie zostałoby przekazane: { $rule }
preview-hidden = Wstrzymane lub mniej dokładne:
preview-missing = Formularz wymaga jeszcze: { $members }
message-missing = niepełny, brakuje: { $members }
preview-type = Formularz
preview-rule = Zezwala
say-object = Obiekt
say-object-n = Obiekt { $number }
say-place = Miejsce
say-crossing = Przekroczenie granicy
say-districts = Powiaty
say-phase = Faza
say-question = Pytanie
say-answer = Odpowiedź
say-outcome = Wynik
say-objects = Obiekty
say-first-observed-ms = Po raz pierwszy
say-last-observed-ms = Po raz ostatni
say-agrees = Zamknięcie
say-role = Przeczytał
say-search-centre = Szukać wokół
say-search-radius-m = Promień poszukiwań
say-number = Numer
say-text = Uwaga
said-nothing-to-read = Nie ma nic do przeczytania.
said-no-warning = Żadne ostrzeżenie nie czeka na decyzję.
said-read = Nr { $serial } oznaczono jako przeczytany
said-test = Wysłano próbę łączności, { $channel }
said-done = Zrobiono: { $what }
said-report = Zgłoszenie przyjęte

## Lines and feeds

line-up = działa
line-amber = pominięta próba
line-down = nie działa
line-dormant = nieużywany
line-stopped = zatrzymany
line-voice = głosem
line-lone = tylko głosem i na papierze
line-queued = czeka: { $count }
line-channel = Kanał
line-state = Stan
line-contact = Ostatni kontakt
line-tested = Ostatnia próba
line-sent = Wysłano
line-receipted = Odbiór poświadczony
line-waiting = Czeka
line-got = Otrzymano
line-refusals = Odrzucono
line-contradicts = { $partner } przeczy sobie
contradiction-means = To, co podpisał partner, nie zgadza się z tym, co podpisał wcześniej. Dowód zachowano; to, co się zgadza, jest nadal przyjmowane. Zapisz dowód, powiadom doradcę, zapytaj partnera głosem.
contradiction-size = komunikatów: { $size }
contradiction-serial = numer kolejny { $serial }
contradiction-save = Zapisz dowód
contradiction-see = Widziałem
contradiction-seen = widziano { $at }
contradiction-cleared = wyjaśniono { $at }
contradiction-forked = Dwa różne dzienniki jednego rozmiaru
contradiction-rewritten = Dwa komunikaty pod jednym numerem
contradiction-misplaced = Komunikat z innego miejsca
contradiction-back-dated = Data wcześniejsza niż we własnym poprzednim komunikacie
contradiction-continued = Kontynuował dziennik, który sam zakończył
contradiction-wrong-opening = Otworzył dziennik inaczej, niż skończył poprzedni
contradiction-future-dated = Data w przyszłości
contradiction-shrunken = Krótszy dziennik niż podpisany wcześniej
contradiction-unproven = Dziennik nie wynika z tego, co podpisał wcześniej
said-seen = Odnotowano: widziano
line-witnessed = Poświadczono
line-witnessed-upto = { $size } (wymagane: { $required })
line-no-witness = brak strony trzeciej
line-link = Połączenie
line-strangers = Odrzucone wywołania spoza partnerów: { $counts }
link-refused = odrzucono: { $counts }
next-keys-confirmed = następne klucze potwierdzone: redshank rotate
next-keys-awaited = partner zakończył swój dziennik: porównaj jego nowe klucze, inaczej jego komunikaty czekają
link-own-ends = nasz certyfikat wygasa { $day }
link-partner-ends = certyfikat partnera wygasa { $day }
line-test = Sprawdź teraz
line-record = Eksportuj zapis
line-compliance = Zgodność
feeds-title = Źródła
feeds-sum = { $count } (milczy: { $late })
feeds-refused = odrzucono { $count }
feed-source = Źródło
feed-last = Ostatni meldunek
feed-accepted = Przyjęto
feed-refused = Odrzucono
panel-lines = Linie
panel-feeds = Źródła
panel-report = Zgłoś obserwację
panel-help = Klawisze
panel-voice = Wpisz komunikat odebrany głosem
panel-readout = Odczytaj komunikat głosem
panel-release = Co czeka na organ zwalniający
panel-shift = Zmiana

## By voice

voice-read = odczytaj głosem
voice-key-in = Wpisz …
voice-channel = Kanał
voice-count = Zapowiedziane grupy
voice-groups = Grupy
voice-remark = Kto mówił, na jakiej linii
voice-take = Przyjmij
voice-taken = { $type } { $serial } głosem zapisano
voice-hint = Wpisuj grupy tak, jak je słyszysz. Każdy wiersz ośmiu grup jest sprawdzany na końcu. Wiedz, czyj to głos: kontrola znajduje błędy, ale nikogo nie uwierzytelnia.
voice-again = Zapytaj ponownie: { $what }
voice-fault-symbol = jeden znak grupy { $places }
voice-fault-order = kolejność znaków grupy { $places }
voice-fault-swapped = grupy { $places } zamienione miejscami
voice-fault-row = wiersz grup { $places }
voice-fault-exercise = grupy { $places }: ćwiczenia w działaniu albo działanie w ćwiczeniach
voice-says = Treść
voice-unspoken = Nie odczytano
voice-say-first = Najpierw powiedz: „{ $opening }”. Potem każdą grupę znak po znaku, bez jej numeru. { $seconds } s.
voice-check = kontrola
voice-noted-out = Odczytano
voice-noted-back = Powtórzono poprawnie
voice-print = Drukuj (PDF)
voice-said-out = Odnotowano: { $serial } odczytano
voice-said-back = Odnotowano: { $serial } powtórzono
voice-statements = Powiedziane głosem
voice-said = głosem powiedziano
voice-signed = podpisano
voice-heard = głosem, jeszcze niepodpisane
voice-confirmed = usłyszane głosem, potwierdzone
voice-differs = głosem powiedziano inaczej
voice-withdrawn = głosem; podpisany komunikat jest inny
voice-unsigned = głosem, nigdy niepodpisane
lone-title = { $partner }: tylko głosem i na papierze
lone-means = { $partner } nie ma węzła ani kluczy. To, co tu mówisz, jest podpisane w twoim dzienniku i trzeba to odczytać lub wręczyć na papierze. Nic, co mówi { $partner }, nie jest podpisane: wpisz to, wiedz, czyj to głos, zachowaj papier.
lone-thread = { $partner } jest osiągalny tylko głosem i na papierze; nic, co mówi, nie jest podpisane
by-voice-title = { $partner }: głosem, dopóki linia nie działa
by-voice-means = Nie skonfigurowano adresu węzła. Odczytaj te komunikaty; zostaną doręczone, gdy będzie linia.
to-read-count = do odczytania: { $count }
to-read-by = odczytać do { $at }
to-read-back = odczytano { $at }, nie powtórzono
to-read-none = Wszystko odczytano i powtórzono albo jest odpowiedź.
not-heard = { $partner } użył tych numerów, a nikt tu nie słyszał, co powiedziano: { $serials }. Poproś o nie.
not-read-out = nie odczytano
no-receipts = nie może być
voice-not-driven = procedura nie wykonała kroku
standing-unsigned = nigdy niepodpisane: partner nie ma kluczy
standing-waiting = czeka na podpisany komunikat
standing-confirmed = potwierdzone
standing-differs = RÓŻNI SIĘ: liczy się podpisany komunikat
read-out = odczytano
read-back = powtórzono
said-nothing-sent = Nie ma tu naszych komunikatów do odczytania

## A person's report

report-says = Widziano, na przykład: 3 km na północ od Szumska, leci na zachód.
report-reporter = Kto widział
report-minutes = Ile minut temu
report-distance = Odległość, km
report-direction = Kierunek od miejscowości
report-reference = Miejscowość
report-heading = Kierunek lotu
report-speed = Prędkość
report-height = Wysokość
report-what = Co
report-count = Ile
report-remark = Uwaga (nieoficjalna)
report-unknown = nieznane
report-send = Przekaż
reporter-border-guard = straż graniczna
reporter-police = policja
reporter-resident = mieszkaniec
reporter-acoustic = czujnik akustyczny
reporter-officer = oficer
speed-hovering = w zawisie
speed-slow = wolno (jak auto w mieście)
speed-medium = średnio (jak lekki samolot)
speed-fast = szybko (jak odrzutowiec)
height-treetop = wierzchołki drzew
height-low = nisko
height-medium = średnio
height-high = wysoko
wind-n = północ
wind-nne = północny północny wschód
wind-ne = północny wschód
wind-ene = wschodni północny wschód
wind-e = wschód
wind-ese = wschodni południowy wschód
wind-se = południowy wschód
wind-sse = południowy południowy wschód
wind-s = południe
wind-ssw = południowy południowy zachód
wind-sw = południowy zachód
wind-wsw = zachodni południowy zachód
wind-w = zachód
wind-wnw = zachodni północny zachód
wind-nw = północny zachód
wind-nnw = północny północny zachód

reason-no-answer = Węzeł nie odpowiedział
stale = stara wiadomość, w drodze { $age }

## Keys

help-digits = wybierz zdarzenie lub odpowiedź otwartego formularza
help-arrows = następne lub poprzednie zdarzenie
help-warning = następne ostrzeżenie do decyzji
help-escape = anuluj, zamknij, wstecz

## Coming in

enter-log-in = Zaloguj się do tego węzła.
enter-enrol = { $name }, tym odnośnikiem możesz raz zarejestrować się jako „{ $person }”. Wybierz, jak będziesz się odtąd logować.
enter-passkey = Klucz dostępu
enter-passkey-means = Klucz na tym komputerze, telefonie lub nośniku, otwierany palcem albo kodem PIN. Niczego nie trzeba pamiętać i żadna strona go nie wyłudzi.
enter-make-passkey = Utwórz klucz dostępu
enter-use-passkey = Zaloguj się kluczem dostępu
enter-no-passkeys = Klucze dostępu są związane z nazwą: otwórz konsolę pod nazwą, a nie pod numerem.
enter-code = Hasło i kod
enter-make-code = Wybierz hasło i kody
enter-code-key = Klucz dla aplikacji z kodami:
enter-code-open = otwórz na tym urządzeniu
enter-your-person = Kim jesteś
enter-your-password = Hasło
enter-your-code = Kod
enter-code-means = Hasło ma co najmniej 12 znaków; kod pokazuje teraz aplikacja.
enter-finish = Zarejestruj się
enter-go = Zaloguj się
enter-national = Logowanie krajowe
enter-use-national = Zaloguj się tam
enter-lost = Zgubiony klucz lub telefon? Administrator pozwoli zarejestrować się na nowo.

## People, release, shift

top-no-shift = Nikt nie pełni zmiany
top-leave = Wyloguj się
preview-asks = Reguła pyta organ zwalniający (osób: { $persons }): wiadomość czeka, aż padnie „tak”.
release-none = Nic nie czeka.
release-ended = Odpowiedziano lub minął czas
release-policy = Obowiązująca polityka: { $name }, reguł: { $rules },
release-since = od { $at },
release-why = Reguła { $rule } pyta; osób: { $persons }.
release-reasons = Dlaczego ta reguła: reguły po kolei
release-yes = Powiedziano „tak”: { $given }
release-observed = Zaobserwowano
release-approve = Tak, wypuść
release-refuse = Nie
release-no-why = Dlaczego nie (nieobowiązkowe)
release-waits = Odpowiedzieć może tylko organ zwalniający.
said-approved = Pytanie { $number }: twoje „tak” zapisano
said-refused = Pytanie { $number }: twoje „nie” zapisano
held-waiting = czeka
held-sent = wysłano
held-refused = odmówiono
held-lapsed = nikt nie powiedział „tak” na czas
held-replaced = zapytano ponownie
held-withdrawn = już się nie pyta
shift-nobody = Nikt nie pełni zmiany.
shift-take = Przejmij zmianę
shift-since = pełni zmianę od { $at }
shift-taken-over = przejęta bez przekazania
shift-offer = Zaproponuj zmianę następnemu oficerowi
shift-offered = { $person } zaproponował(a) ją o { $at } i odpowiada, dopóki wszystko to nie zostanie przyjęte:
shift-next = { $person } przyjmuje.
shift-home = w kraju
shift-accept = Przyjmij
shift-accept-all = Przyjmij wszystko ({ $count }) i przejmij zmianę
shift-why = Dlaczego bez przekazania
shift-take-over = Przejmij bez przekazania
said-shift-taken = Pełnisz zmianę
said-shift-offered = Zmianę zaproponowano
said-shift-accepted = Przyjęto

## The exercise director's page

director-title = Kierownik ćwiczeń
director-waiting = Oczekiwanie na serwer kierownika …
director-lost = BRAK POŁĄCZENIA, { $seconds } s
director-phase-choosing = wybierz noc
director-phase-starting = uruchamianie
director-phase-running = trwa
director-phase-paused = wstrzymane
director-phase-finished = zakończone
director-phase-failed = nie powiodło się
director-choose = Która noc?
director-documented = Udokumentowane
director-invented = Wymyślone
director-objects = { $count ->
    [one] { $count } obiekt
    [few] { $count } obiekty
   *[many] { $count } obiektów
}
director-speed = Prędkość
director-seats = Gdzie siedzi człowiek (poza tym robot)
director-start = Start
director-pause = Wstrzymaj
director-resume = Dalej
director-again = Inna noc …
director-nodes = Węzły
director-console = konsola
director-authority = zgoda
director-up = działa
director-down = NIE DZIAŁA
director-counts = otwarte: { $incidents }, śledzone: { $tracks }
director-shows = Pokaż
director-truth = prawda
director-false = fałszywy obiekt
director-events = Przebieg
seat-robot = robot
seat-person = człowiek
ticker-truth = prawda
ticker-notice = powiadomienie
ticker-warning = ostrzeżenie
ticker-procedure = procedura
ticker-fault = usterka
ticker-seat = stanowisko
ended-impact = upadek
ended-found = znaleziono
ended-left = opuścił rejon
ended-shot-down = zestrzelono
ended-ended = koniec
score-object = Obiekt
score-place = Gdzie
score-noticed = Powiadomiono
score-crossed = Przekroczył granicę
score-notice-lead = Wyprzedzenie powiadomienia
score-warned = Zaproponowano ostrzeżenie
score-impact = Upadek
score-warning-lead = Wyprzedzenie ostrzeżenia
score-documented = Co się naprawdę stało
score-none = Wynik wypełnia się w miarę upływu nocy.

## The report of compliance and reciprocity (compliance.html)

compliance-title = Zgodność i wzajemność
compliance-channel = Kanał
compliance-from = Od (UTC)
compliance-until = Do (UTC)
compliance-last-day = ostatnie 24 godziny
compliance-last-week = ostatnie 7 dni
compliance-this-month = ten miesiąc
compliance-last-month = poprzedni miesiąc
compliance-ever = od początku
compliance-show = Pokaż
compliance-working = Trwa obliczanie …
compliance-bad-time = Czas należy podać tak: 2026-05-07 01:00
compliance-save = Zapisz jako
compliance-json-means = Plik JSON obie strony obliczają tak samo: porównaj swój z plikiem partnera.
compliance-not-sent = Czego nie wysłano i według której zasady: redshank release audit na tym węźle.
compliance-refused = Brak raportu: { $why }
compliance-back = Konsola

## The life of an agreement

line-suspended = zawieszony
line-ended = zakończony
type-agreement-suspended = Porozumienie zawieszone
type-agreement-resumed = Porozumienie znów obowiązuje
type-agreement-ended = Porozumienie zakończone
agreement-dormant = nieużywane: tylko próby łączności
agreement-active = obowiązuje
agreement-suspended = zawieszone: nic się nie mówi o zdarzeniach
agreement-ended = zakończone: to, co otwarte, należy zamknąć
agreement-kind-exercise = ćwiczebne
agreement-kind-bilateral = dwustronne
agreement-by-file = na podstawie samego pliku
agreement-text = Tekst { $text }, { $kind }.
agreement-suspended-by = Zawiesiła strona { $party }, i tylko ona może wznowić.
agreement-partner-waits = { $partner } wprowadził w życie { $text }; my nie.
agreement-since = Stoi od { $at }.
agreement-differs = Dwa teksty: my wprowadziliśmy { $own }, partner { $partner }. Przez to nic nie obowiązuje.
agreement-review = Termin przeglądu minął: strony są go sobie winne.
agreement-file = W naszym pliku jest inny tekst ({ $own }); { $text } obowiązuje, dopóki obie strony nie wprowadzą nowego.
agreement-waiting = Komunikaty partnera, które nadeszły podczas naszego zawieszenia: { $count }. Są zachowane i nie podejmuje się na ich podstawie działań.
agreement-ends = Kończy się { $at } UTC.
agreement-voice = tylko głosem
agreement-again = Naciśnij ponownie w ciągu pięciu sekund, aby potwierdzić
agreement-confirm = Naciśnij ponownie: { $act }
agreement-do-activate = Wprowadź w życie
agreement-do-suspend = Zawieś
agreement-do-resume = Wznów
agreement-do-end = Zakończ
agreement-done = { $act }: { $channel }
effect-waits = druga strona nie przystąpiła
effect-other-text = inny tekst: bez wprowadzenia w życie
effect-too-late = z okresu, który się skończył
effect-by-voice = czeka na podpisany komunikat
why-ordered = polecenie
why-technical = techniczny
why-keys-in-doubt = wątpliwości co do kluczy
why-misuse = niewłaściwe użycie
why-no-reason-given = powodu nie podano
why-expired = wygasło
why-replaced = zastąpione
why-breach = naruszenie
why-withdrawn = wycofane
## Fields of statements of our own doing and findings

field-from-ms = od (UTC)
field-radius-m = promień, m
field-found-ms = znaleziono (UTC)
field-bytes = rozmiar, bajty
field-obtained-ms = uzyskano (UTC)
field-lat = szerokość
field-lon = długość
