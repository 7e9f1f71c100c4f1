### Texts of the console and of the exercise director's page, English. Codes are those of the wire and of the view.

waiting = Waiting for the node …
close = Close
exercise = EXERCISE
clock-rate = clock × { $rate }
clock-paused = clock paused
never = never
weekday-0 = Sun
weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
unit-seconds = { $value } s
unit-minutes = { $value } min
unit-hours = { $value } h

## Top bar

due-none = Nothing owed
due-us = We owe: { $what }
due-us-to = We owe: { $what } → { $partner }
due-partner = { $partner } owes: { $what }
link-live = live
link-paused = live, clock paused
link-stale = PICTURE { $seconds } s OLD
link-lost = NO LINK TO NODE, { $seconds } s
top-report = Report a sighting
top-theme = Dark or light
top-help = Keys
top-language = Language

## Queue

queue-title = Incidents
queue-empty = No open incident.
queue-more = and { $count } more
queue-show-closed = Show { $count } closed
queue-hide-closed = Hide closed
incident-phase-open = open
incident-phase-closing = closing
incident-phase-closed = closed
no-crossing = no crossing forecast within 60 min
window = 10–90 %: { $window } · { $at } · on { $stretch }
overdue = OVERDUE
owner-us = We owe
owner-partner = { $partner } owes
escalated = → { $step }
warnings-proposed = { $count ->
    [1] 1 warning to decide
   *[other] { $count } warnings to decide
}

## Map

map-mine = My picture
map-theirs = What { $partner } sees
map-fit = Show incident
sees-title = What they see
sees-mine = mine only
sees-sum = { $partner }: { $released } released, { $held } held back
sees-released = released
sees-held = held back
sees-same = as in my picture
legend-own = own track
legend-received = received from a partner
legend-fused = fused, several observers
legend-search = lost: search area 90 %
legend-stretch = crossing stretch 80 %
legend-district = district in the path
track-held = Held to be
track-kind = Track
track-place = Position
track-motion = Motion
track-sure = Ellipse
track-age = Last report
track-sources = { $count ->
    [1] 1 source
   *[other] { $count } sources
}
track-open = Open incident
track-status = Set status
kind-own = own ({ $observer })
kind-received = received from { $observer }
kind-fused = fused: { $parts }
field-position = position
field-position-wgs84 = position
field-accuracy-m = accuracy
field-altitude-m = altitude
field-altitude = altitude
field-course-deg = course
field-course = course
field-speed-kmh = speed
field-speed = speed
field-status = status
field-time = time
field-at = position
field-sources = sources
field-track = the whole track
field-track-id = track number
field-reports = number of reports
field-covariance = ellipse
field-trail = trail
field-forecast = forecast
field-crossing = crossing
field-districts = districts
field-observed-ms = time of observation
field-search-radius-m = search area
field-answer = an answer in substance
field-outcome = how it ended
field-objects = number of objects
field-until-ms = expected end
field-floor-m = lower limit
field-ceiling-m = upper limit
field-object = object
field-find = the find that it is of
life-tentative = tentative
life-live = live
life-lost = LOST
life-ended = ended

## Incident

incident-none = No incident is chosen.
incident-opened = opened { $at } by { $by }
incident-aliases = also { $ids }
opened-forecast = forecast
opened-crossing = crossing
opened-notice = a partner's notice
opened-partner = a partner's notice
opened-person = a person
thread-none = Not yet on any channel.
thread-at-home = at home
thread-state = { $partner }: { $state }
unread = unread message
says-all = All that it says
unofficial = unofficial
serial = no. { $serial }
in-reply-to = re { $serial }
rule-title = The release rule that let it out
received = received
read = read
answered = answered
not-received = not received
not-read = not read
not-answered = not answered
gist-lost = track lost, search within { $radius }
act-ack = Acknowledge
act-reply = Reply
act-query = Query
act-notice = Notice
act-close = Close
act-agree-close = Agree to close
act-disagree-close = Do not agree
act-close-alone = Close alone

## Warnings

warnings-title = Warnings to the public
warning-issue = Issue …
warning-proposed = proposed { $at }
warning-issued = issued { $at }
warning-ended = ended { $at }
warning-impact = there in { $left }
warning-here = there by now

## Forms

form-reply = Reply to { $partner }
form-query = Query to { $partner }
form-query-asks = Is this object yours, or known to you?
form-notice = Notice to { $partner }
form-close = Close with { $partner }
form-agree = Agree with { $partner } to close: { $outcome }
form-disagree = Close, but not as { $partner } says: { $outcome }
form-alone = Close without { $partner }
form-home = Close the incident
form-alone-asks = Nothing is sent. It stays on record that nobody else agreed.
form-warning = { $level } for { $district }
form-warning-asks = The alert goes to the public authority at once.
form-open = Open an incident for { $track }
form-open-asks = The procedure's clocks start, and channels may be told.
form-status = Status of { $track }
form-remark = Unofficial remark (optional)
form-send = Send
form-issue = Issue now
form-sending = Sending …
form-cancel = Cancel
preview-title = { $partner } will read
preview-held = Nothing would leave: { $rule }
preview-hidden = Held back or coarser:
preview-missing = The form also asks for: { $members }
message-missing = incomplete: without { $members }
preview-type = Form
preview-rule = Released by
say-object = Object
say-object-n = Object { $number }
say-place = Place
say-crossing = Crossing
say-districts = Districts
say-phase = Phase
say-question = Question
say-answer = Answer
say-outcome = Outcome
say-objects = Objects
say-first-observed-ms = First seen
say-last-observed-ms = Last seen
say-agrees = Close
say-role = Read by
say-search-centre = Search around
say-search-radius-m = Search radius
say-number = Number
say-text = Remark
said-nothing-to-read = Nothing is waiting to be read.
said-no-warning = No warning is waiting to be decided.
said-read = No. { $serial } marked as read
said-test = Line test sent on { $channel }
said-done = Done: { $what }
said-report = Report handed in

## Lines and feeds

line-up = up
line-amber = test missed
line-down = down
line-dormant = dormant
line-stopped = stopped
line-voice = by voice
line-lone = by voice and paper only
line-queued = { $count } waiting
line-channel = Channel
line-state = State
line-contact = Last contact
line-tested = Last test
line-sent = Sent
line-receipted = With receipt
line-waiting = Waiting
line-got = Got
line-refusals = Refused
line-contradicts = { $partner } contradicts itself
contradiction-means = What it signed does not fit what it signed before. The proof is kept; what fits is still taken. Save the proof, tell your adviser, ask the partner by voice.
contradiction-size = at { $size } messages
contradiction-serial = serial { $serial }
contradiction-save = Save proof
contradiction-see = I have seen it
contradiction-seen = seen { $at }
contradiction-cleared = cleared { $at }
contradiction-forked = Two different logs of one size
contradiction-rewritten = Two messages under one serial
contradiction-misplaced = A message that belongs elsewhere
contradiction-back-dated = Dated before its own earlier message
contradiction-continued = Went on in a log that it had ended
contradiction-wrong-opening = Opened a log otherwise than the one before had ended
contradiction-future-dated = Dated in the future
contradiction-shrunken = A shorter log than it signed before
contradiction-unproven = A log that does not follow from what it signed before
said-seen = Noted: seen
line-witnessed = Witnessed
line-witnessed-upto = { $size } ({ $required } required)
line-no-witness = no third party
line-link = Link
line-strangers = Calls refused that no partner made: { $counts }
link-refused = refused: { $counts }
next-keys-confirmed = next keys are confirmed: redshank rotate
next-keys-awaited = the partner has ended its log: pair with its new keys, or its messages wait
link-own-ends = our certificate ends on { $day }
link-partner-ends = the partner's certificate ends on { $day }
line-test = Test now
line-record = Export record
line-compliance = Compliance
feeds-title = Feeds
feeds-sum = { $count } ({ $late } silent)
feeds-refused = { $count } refused
feed-source = Source
feed-last = Last report
feed-accepted = Accepted
feed-refused = Refused
panel-lines = Lines
panel-feeds = Feeds
panel-report = Report a sighting
panel-help = Keys
panel-voice = Key in a message by voice
panel-readout = Read out a message
panel-release = What waits for a releasing authority
panel-shift = The shift

## By voice

voice-read = read out
voice-key-in = Key in …
voice-channel = Channel
voice-count = Groups announced
voice-groups = Groups
voice-remark = Who spoke, on which line
voice-take = Take it
voice-taken = { $type } { $serial } by voice is recorded
voice-hint = Type the groups as you hear them. Each row of eight is checked at its end. Know whose voice it is: the checks find errors, they prove nobody.
voice-again = Ask again: { $what }
voice-fault-symbol = one symbol of group { $places }
voice-fault-order = the order of symbols in group { $places }
voice-fault-swapped = groups { $places } changed places
voice-fault-row = the row of groups { $places }
voice-fault-exercise = groups { $places }: an exercise in operation, or operation in an exercise
voice-says = It says
voice-unspoken = Not spoken
voice-say-first = Say first: “{ $opening }”. Then each group, symbol by symbol, without its number. { $seconds } s.
voice-check = check
voice-noted-out = Read out
voice-noted-back = Read back correctly
voice-print = Print (PDF)
voice-said-out = Noted: { $serial } was read out
voice-said-back = Noted: { $serial } was read back
voice-statements = Said by voice
voice-said = voice said
voice-signed = signed says
voice-heard = by voice, not signed yet
voice-confirmed = heard by voice, confirmed
voice-differs = voice said otherwise
voice-withdrawn = by voice; the signed message is another
voice-unsigned = by voice, never signed
lone-title = { $partner }: by voice and paper only
lone-means = { $partner } runs no node and has no keys. What you say here is signed in your own log and must be read out, or handed over on paper. Nothing that { $partner } says is signed: key it in, know whose voice it is, keep the paper.
lone-thread = { $partner } is reached by voice and paper only; nothing that it says is signed
by-voice-title = { $partner }: by voice until the line works
by-voice-means = No address of a node is configured. Read these messages out; they are delivered when there is a line.
to-read-count = { $count } to read out
to-read-by = to be read out by { $at }
to-read-back = read out at { $at }, not read back
to-read-none = Everything has been read out and read back, or answered.
not-heard = { $partner } has used these serials, and nobody here has heard what was said: { $serials }. Ask for them.
not-read-out = not read out
no-receipts = none can come
voice-not-driven = the procedure took no step
standing-unsigned = never signed: the partner has no keys
standing-waiting = waits for the signed message
standing-confirmed = confirmed
standing-differs = DIFFERS: the signed message counts
read-out = read out
read-back = read back
said-nothing-sent = Nothing of ours to read out here

## A person's report

report-says = Seen, for example: 3 km north of Šumskas, heading west.
report-reporter = Who saw it
report-minutes = Minutes ago
report-distance = Distance, km
report-direction = Direction from the place
report-reference = Place
report-heading = Heading
report-speed = Speed
report-height = Height
report-what = What
report-count = How many
report-remark = Remark (unofficial)
report-unknown = not known
report-send = Hand in
reporter-border-guard = border guard
reporter-police = police
reporter-resident = resident
reporter-acoustic = acoustic sensor
reporter-officer = officer
speed-hovering = hovering
speed-slow = slow (a car in town)
speed-medium = medium (a light aircraft)
speed-fast = fast (a jet)
height-treetop = treetop
height-low = low
height-medium = medium
height-high = high
wind-n = north
wind-nne = NNE
wind-ne = north-east
wind-ene = ENE
wind-e = east
wind-ese = ESE
wind-se = south-east
wind-sse = SSE
wind-s = south
wind-ssw = SSW
wind-sw = south-west
wind-wsw = WSW
wind-w = west
wind-wnw = WNW
wind-nw = north-west
wind-nnw = NNW

reason-no-answer = The node did not answer
stale = old news, under way for { $age }

## Keys

help-digits = choose an incident, or an answer of the open form
help-arrows = next or previous incident
help-warning = the next warning to decide
help-escape = cancel, close, back

## Coming in

enter-log-in = Log in to this node.
enter-enrol = { $name }, this link lets you enrol as “{ $person }”, once. Choose how you will log in from now on.
enter-passkey = Passkey
enter-passkey-means = A key on this computer, a telephone or a stick, opened with finger or PIN. Nothing to remember, and no page can fish it.
enter-make-passkey = Make a passkey
enter-use-passkey = Log in with a passkey
enter-no-passkeys = Passkeys are bound to a name: open the console by its name, not by a number.
enter-code = Password and code
enter-make-code = Choose a password and codes
enter-code-key = The key for your authenticator application:
enter-code-open = open it on this device
enter-your-person = Who you are
enter-your-password = Password
enter-your-code = Code
enter-code-means = The password has at least 12 characters; the code is what the application shows now.
enter-finish = Enrol
enter-go = Log in
enter-national = National login
enter-use-national = Log in there
enter-lost = Lost your key or telephone? An administrator lets you enrol anew.

## People, release, shift

top-no-shift = Nobody on shift
top-leave = Log out
preview-asks = A rule asks the releasing authority (persons: { $persons }): it is held until the yes is given.
release-none = Nothing waits.
release-ended = Answered, or not in time
release-policy = Policy in force: { $name }, { $rules } rules,
release-since = since { $at },
release-why = Rule { $rule } asks; persons: { $persons }.
release-reasons = Why this rule: the rules in their order
release-yes = Given: { $given }
release-observed = Observed
release-approve = Yes, let it out
release-refuse = No
release-no-why = Why not (optional)
release-waits = Only a releasing authority may answer.
said-approved = Question { $number }: your yes is recorded
said-refused = Question { $number }: your no is recorded
held-waiting = waits
held-sent = sent
held-refused = refused
held-lapsed = nobody said yes in time
held-replaced = asked anew
held-withdrawn = not asked any more
shift-nobody = Nobody is on shift.
shift-take = Take the shift
shift-since = is on shift since { $at }
shift-taken-over = taken without a hand-over
shift-offer = Offer the shift to the next officer
shift-offered = { $person } has offered it at { $at }, and answers until all of this is accepted:
shift-next = { $person } is accepting.
shift-home = at home
shift-accept = Accept
shift-accept-all = Accept all ({ $count }) and take the shift
shift-why = Why without a hand-over
shift-take-over = Take it without a hand-over
said-shift-taken = You are on shift
said-shift-offered = The shift is offered
said-shift-accepted = Accepted

## The exercise director's page

director-title = Exercise director
director-waiting = Waiting for the director's server …
director-lost = NO LINK, { $seconds } s
director-phase-choosing = choose a night
director-phase-starting = starting
director-phase-running = running
director-phase-paused = paused
director-phase-finished = finished
director-phase-failed = failed
director-choose = Which night?
director-documented = Documented
director-invented = Invented
director-objects = { $count ->
    [1] 1 object
   *[other] { $count } objects
}
director-speed = Speed
director-seats = A person sits at (else a robot)
director-start = Start
director-pause = Pause
director-resume = Go on
director-again = Another night …
director-nodes = Nodes
director-console = console
director-authority = release
director-up = up
director-down = DOWN
director-counts = { $incidents } open, { $tracks } tracks
director-shows = Show
director-truth = truth
director-false = false track
director-events = Events
seat-robot = robot
seat-person = person
ticker-truth = truth
ticker-notice = notice
ticker-warning = warning
ticker-procedure = procedure
ticker-fault = fault
ticker-seat = seat
ended-impact = impact
ended-found = found
ended-left = left the area
ended-shot-down = shot down
ended-ended = ended
score-object = Object
score-place = Where
score-noticed = Noticed
score-crossed = Crossed
score-notice-lead = Notice lead
score-warned = Warning proposed
score-impact = Impact
score-warning-lead = Warning lead
score-documented = What really happened
score-none = The score fills as the night goes on.

## The report of compliance and reciprocity (compliance.html)

compliance-title = Compliance and reciprocity
compliance-channel = Channel
compliance-from = From (UTC)
compliance-until = Until (UTC)
compliance-last-day = last 24 hours
compliance-last-week = last 7 days
compliance-this-month = this month
compliance-last-month = last month
compliance-ever = since the beginning
compliance-show = Show
compliance-working = It is being computed …
compliance-bad-time = Write times as 2026-05-07 01:00
compliance-save = Save as
compliance-json-means = The JSON is what both sides compute alike: hold yours against your partner's.
compliance-not-sent = What was not sent, and by which rule: redshank release audit, on this node.
compliance-refused = No report: { $why }
compliance-back = Console

## The life of an agreement

line-suspended = suspended
line-ended = ended
type-agreement-suspended = Agreement suspended
type-agreement-resumed = Agreement active again
type-agreement-ended = Agreement ended
agreement-dormant = dormant: only line tests are said
agreement-active = active
agreement-suspended = suspended: nothing of an incident is said
agreement-ended = ended: what is open is to be closed
agreement-kind-exercise = exercise
agreement-kind-bilateral = bilateral
agreement-by-file = by its file alone
agreement-text = Text { $text }, { $kind }.
agreement-suspended-by = Suspended by { $party }, who alone may resume it.
agreement-partner-waits = { $partner } has activated { $text }; we have not.
agreement-since = Stands still since { $at }.
agreement-differs = Two texts: we have activated { $own }, the partner { $partner }. Nothing is in force by that.
agreement-review = The review date has passed: the two sides owe one another a review.
agreement-file = Our file has another text ({ $own }); { $text } stays in force until both sides have activated the new one.
agreement-waiting = { $count } messages of the partner came under our suspension. They are kept and not acted on.
agreement-ends = Ends { $at } UTC.
agreement-voice = by voice only
agreement-again = Press again within five seconds to confirm
agreement-confirm = Press again: { $act }
agreement-do-activate = Activate
agreement-do-suspend = Suspend
agreement-do-resume = Resume
agreement-do-end = End
agreement-done = { $act }: { $channel }
effect-waits = the other side has not joined
effect-other-text = another text: no activation
effect-too-late = of a life that has ended
effect-by-voice = waits for the signed original
why-ordered = ordered
why-technical = technical
why-keys-in-doubt = keys in doubt
why-misuse = misuse
why-no-reason-given = no reason given
why-expired = expired
why-replaced = replaced
why-breach = breach
why-withdrawn = withdrawn
## Fields of statements of our own doing and findings

field-from-ms = from (UTC)
field-radius-m = radius, m
field-found-ms = found at (UTC)
field-bytes = size, bytes
field-obtained-ms = obtained at (UTC)
field-lat = latitude
field-lon = longitude
