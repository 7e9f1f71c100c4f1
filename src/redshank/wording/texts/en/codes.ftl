### Words for the codes of closed sets, English. Codes are those of the wire, of the procedures and of the view.

## Parties and territories

party-lt = Lithuania
party-lv = Latvia
party-ee = Estonia
party-pl = Poland
party-by = Belarus
party-ru = Russia
party-ru-kgd = Kaliningrad oblast (Russia)
party-ua = Ukraine
party-fi = Finland
party-se = Sweden

## Types of messages

type-test = TEST
type-test-reply = TEST REPLY
type-notice = NOTICE
type-update = UPDATE
type-lost = LOST
type-query = QUERY
type-reply = REPLY
type-ack = ACK (read)
type-close = CLOSE
type-agree-close = CLOSE ANSWERED
type-log-end = END OF LOG
type-log-open = BEGINNING OF LOG
type-own-object = OWN OBJECT
type-measure = MEASURE
type-find = FIND
type-evidence = EVIDENCE
type-negative = NOTHING FOUND
type-warning = WARNING
type-correct = CORRECTION
type-cancel = CANCELLATION
type-activate = ACTIVATE
type-suspend = SUSPEND
type-resume = RESUME
type-end = END OF AGREEMENT

## What an object is held to be

status-unknown = unknown
status-unidentified = unidentified
status-strayed = strayed
status-uav = UAV
status-balloon = balloon
status-aircraft = aircraft
status-helicopter = helicopter
status-birds = birds

## What the bodies of messages say

phase-possible = may cross
phase-crossing = is crossing
phase-crossed = has crossed
question-yours-or-known = Is this yours, or known to you?
answer-ours = Ours
answer-known = Known to us
answer-unknown = Unknown to us
answer-no-information = No information
answer-cannot-say = Cannot say
outcome-crossed = Crossed
outcome-did-not-cross = Did not cross
outcome-identified = Identified
outcome-lost = Lost
outcome-found = Found
outcome-no-further-information = No further information
agrees-yes = agreed
agrees-no = not agreed, recorded
role-observer = observer
role-duty-officer = duty officer
role-releasing-authority = releasing authority
role-administrator = administrator
level-possible = POSSIBLE
level-shelter = SHELTER
level-all-clear = ALL CLEAR

## Where a procedure stands

state-at-home = nobody else has been told
state-quiet = nothing said yet
state-drafted = we owe a notice
state-noticed = our notice is sent
state-informed = their notice is here
state-mutual = each has given notice
state-engaged = acknowledged
state-closing = our close is sent
state-unanswered = our close has no answer
state-asked-to-close = their close is here
state-closed = closed
state-disputed = closed with a disagreement
state-many-seen = many seen, we owe a notice
state-told = our first word is sent
state-aggrieved = it came from them, we owe a notice
state-complained = we have complained
state-dropped = ended before anything was said
state-crossing-seen = it crosses, we owe a notice
state-testing = line test under way
state-asked = they have asked
state-both = both test the line
state-silent = no answer, try the alternate line
state-answered = the line works
state-unheard = no answer, alternate line tried
state-out-of-hand = ours is out of control, we owe word of it
state-warned-alone = our public is warned, they do not know why
state-wondering = we want to ask
state-asking = we have asked
state-answering = questions and answers
state-track-lost = track lost, we owe word of it
state-searching = both look

## What is owed, and the steps of the ladder

owes-ack = an ACK
owes-lost = a LOST message
owes-warning = a decision on the warning
owes-reply = a reply
owes-receipt = a receipt
owes-read-out = a read-out by voice
owes-update = an update
owes-notice = a notice
owes-close = a close
owes-agree-close = an answer to the close
owes-test-reply = an answer to the line test
owes-count = a new count
owes-question = the question
owes-finding = a finding
owes-position = a position
owes-change = word of the change
owes-last-place = the last place
owes-report = word from the alternate line
escalation-second-officer = wake the second officer
escalation-alternate-line = use the alternate line (voice form)
escalation-third-party-relay = ask a third party to relay
escalation-atc-supervisor = call the ATC supervisor
escalation-higher-level = go to the higher level

## Reasons of a refusal

reason-bad-time = Not a time
reason-local-time = Local time
reason-time-not-plausible = Time not plausible
reason-too-late = Too late
reason-position-not-plausible = Position not plausible
reason-value-not-plausible = Value not plausible
reason-truncated = Truncated
reason-wrong-edition = Wrong edition
reason-wrong-category = Wrong category
reason-unknown-source = Source not known
reason-no-position = No position
reason-malformed = Not understood
reason-unknown-field = Field not known
reason-too-large = Too large
reason-unknown-place = Place not known
reason-ambiguous-place = Several places of this name
reason-not-canonical = Not in its one form
reason-wrong-channel = Another channel
reason-wrong-sender = Another sender
reason-wrong-serial = Another serial
reason-wrong-year = Another year
reason-unknown-type = Type not known
reason-unknown-incident = No such incident
reason-unknown-message = No such message
reason-unknown-track = No such track
reason-bad-signature = Signature not valid
reason-bad-key = Key not valid
reason-bad-note = Signed note not valid
reason-wrong-origin = Another log
reason-wrong-size = Another size
reason-overtaken = Already overtaken
reason-forked = Another log of the same size
reason-shrunken = A shorter log
reason-replayed = Sent again
reason-back-dated = Dated before an earlier message
reason-bad-proof = Does not follow from before
reason-no-contradiction = No contradiction
reason-not-witnessed = Not witnessed
reason-wrong-check = The checks fail
reason-not-hybrid = One of the two signatures is missing
reason-wrong-generation = Of another generation of the log
reason-log-ended = Said after the end of the log
reason-wrong-opening = Opens a log otherwise than the one before ended
reason-not-agreed = The ceremony about these keys has not been held
reason-not-in-table = Not possible now
reason-channel-not-active = The channel is not active
reason-not-released = Policy does not release it
reason-not-allowed = Not allowed
reason-already-closed = Already closed
reason-busy = Busy, try again
reason-not-correctable = Type can not be corrected or cancelled
reason-other-type = Of another type
reason-already-cancelled = Already cancelled
