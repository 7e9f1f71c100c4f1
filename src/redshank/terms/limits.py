"""Every bound of the node, with its reason. A queue, loop, message or retry without a line here is a mistake."""

# Region: the window of the geodata in force. A source sees inside it unless its configuration says otherwise. A place
# outside has no forecast, and is neither told to a partner nor taken from one.
REGION_LAT_MIN_DEG, REGION_LAT_MAX_DEG = 47.0, 62.0
REGION_LON_MIN_DEG, REGION_LON_MAX_DEG = 10.0, 36.0

# Picture: where the regional plane still serves: its scale is off by at most 5 %, which is corrected on the spot. What
# a source of ours sees between the region and this edge is shown; only paths that come onto the map are forecast.
PICTURE_LAT_MIN_DEG, PICTURE_LAT_MAX_DEG = 36.0, 70.0
PICTURE_LON_MIN_DEG, PICTURE_LON_MAX_DEG = 0.0, 50.0

# Feeds
DATAGRAM_BYTES = 65_507  # the largest UDP payload over IPv4
REPORT_JSON_BYTES = 4_096  # a person's report is a few hundred bytes
REPORT_TEXT_CHARS = 200  # an unofficial remark, as in the message forms
REPORT_AGE_MS = 10 * 60_000  # older than this is a recording, not a feed
REPORT_AHEAD_MS = 5_000  # clock error that a feed may have
ALTITUDE_MIN_M, ALTITUDE_MAX_M = -500.0, 30_000.0
SPEED_MAX_MPS = 1_000.0  # nothing that Redshank is about is faster
SIGMA_MAX_M = 50_000.0  # a person may be this unsure of a place
REPORTS_PER_BATCH = 2_000  # one step handles at most this many, so that no step is long
REPORTS_PER_TURN = 256  # of what waits, a turn takes so many: about 5 ms; beyond it system tracks are conflated
REFUSALS_PER_DATAGRAM = 256  # more than a sound datagram has records; the rest of it is refused as one
EDITION_WITNESSES = 3  # so many positions, all outside the area, speak of a wrong edition, not of one bad record
FEED_QUEUE_DATAGRAMS = 4_096  # about two seconds of a busy feed; beyond it datagrams are dropped and counted
FEED_WINDOW_MS = 50  # datagrams of one window become one batch, so that a step is not paid per datagram
CAPTURE_PACKET_BYTES = 262_144  # the largest snapshot length in use; a longer packet is a corrupt capture
PLACES = 50_000  # a gazetteer; the geodata in force holds 7,931
PLACE_DISTANCE_MAX_KM = 100.0  # nobody places a sighting farther than this from a landmark
OBJECTS_PER_REPORT = 999  # what one person may count in one sighting

# Picture
TRACKS = 20_000  # a node keeps no more; the oldest lost ones go first
TENTATIVE_TRACKS = 5_000  # unconfirmed plots that may become tracks; the longest silent go first
RECEIVED_TRACKS_PER_PARTNER = 2_000  # a partner can not fill the picture; as many objects as open incidents may hold
PLOT_LATE_MS = 10_000  # a plot may come this much behind the newest one; the tracker can still place it
TRACK_ALIASES = 4_096  # ids of tracks that were joined to an older one stay readable
TRACK_SOURCES = 32  # sources that one track names
SOURCE_BOOKS = 1_024  # sources that the picture counts for; a node has tens
TRACK_HISTORY_POINTS = 120
STATUS_HISTORY = 32

# Forecast
FORECAST_HORIZON_MS = 60 * 60_000
FORECAST_TRACKS_PER_LOOK = 100  # those that waited longest; the rest is due again at the next look
FORECAST_TRACKS_PER_STEP = 16  # two chunks of the walk, about 10 ms of a core
WIND_BYTES = 8 * 1_048_576  # the region at half a degree, ten heights and nine times are 4 MB of JSON
WIND_MAX_MPS = 150.0  # the strongest jet streams

# Messages and logs
ENTRY_BYTES = 4_096  # one message; the longest form today is under 2 kB
ENTRY_BRACKETS = 512  # opening brackets and braces; the fullest message has 249, and 512 nested ones fit any stack
MESSAGE_TEXT_CHARS = 200
DELIVERY_ENTRIES = 256  # one tile's width
HEADS_UNDER_WAY = 4  # signed heads of one log without a receipt; one round trip need not end before the next begins
HEAD_ENTRIES = 128  # that one head covers beyond the last: two of a backlog are under way, neither side stands idle
DELIVERY_BYTES = 2 * 1_048_576  # 256 entries of 4 kB, note and framing
NOTE_BYTES = 65_536  # an ML-DSA-44 line has 3.4 kB: log, receipt and eight witnesses with two lines each are 36 kB
NOTE_SIGNATURES = 100  # as Go's sumdb/note
WITNESSES = 8  # third parties of one agreement; more would neither fit a note nor make anybody surer
CALENDAR_MAX_S = 253_402_300_799  # the end of the year 9999: a later time no calendar can write
WITNESSED_HEADS = 16  # newest heads of a log that a late witness's answer still joins; older answers are not needed
WITNESS_PROOF_LINES = 63  # c2sp.org/tlog-witness
WITNESS_REQUEST_BYTES = 68_500  # a note, 63 proof lines of 45 bytes, an old size line and an empty one
LOG_ENTRIES = 1 << 40
TILES_PER_STEP = 16  # full tiles hashed at once, about 10 ms of the store's thread; commits come between
TILES_EVERY_S = 5.0  # how often full tiles are looked for; one request hashes what came since
MESSAGE_AHEAD_MS = 60_000  # a partner's clock may be this far ahead before its statement time is refused
MESSAGE_BACK_MS = (
    60_000  # and this far behind its own newest statement: a clock that was put right, not a rewritten past
)
HEADS_REMEMBERED = 64  # a partner's newest heads: an old one that comes again is told from one that was never seen
CONTRADICTIONS_PER_CHANNEL = 64  # kept with their proof; a partner that contradicts itself more often is only counted
EVIDENCE_BYTES = 262_144  # two notes and two entries with their proofs are under 60 kB
DISTRICTS_PER_MESSAGE = 40
DISTRICTS_WARNED = 32  # of one WARNING: half of the largest party's; more is said in two
STATED_SPAN_MS = 31 * 86_400_000  # a measure, a search or a warning begins within a month and lasts no longer
STATED_PAST_MS = 366 * 86_400_000  # a find or an item may be a year old; what is older is history
FLIGHT_END_MS = 7 * 86_400_000  # how far ahead the end of an own object's flight may be; balloons drift for days
EVIDENCE_ITEM_BYTES = 1 << 40  # of an item that is offered by its hash; it never passes this channel
UPDATE_STALE_MS = 120_000  # an UPDATE that was under way for longer, four times its pace, is marked as old news
UPDATE_INTERVAL_MS = 30_000  # at most one UPDATE per object in this time

# Records that somebody hands in (redshank verify)
RECORD_BYTES = 2 * 1_073_741_824  # unpacked, and the zip itself: a million entries with their tiles are under 500 MB
RECORD_FILES = 2_000_000  # a million entries with a receipt for each have 1.01 million
RECORD_PATH_CHARS = 128  # ``LT/tile/entries/x001/x234/067.p/112`` has 35
RECORD_INFLATION = 50  # unpacked to packed size: records have 3 to 10, for half of them are hashes; a bomb has 1,000
RECORD_INFLATION_FROM_BYTES = 1_048_576  # so much may come out of the smallest zip

# Voice form
VOICE_WORDS_PER_MINUTE = 100  # ICAO Annex 10 Vol. II 5.2.1.5.3 b: a rate of speech not exceeding this
VOICE_DATA_GROUPS = 21  # with its three checks and the opening a form has at most 100 words: one minute
VOICE_ROW_GROUPS = 7  # groups that share one check: as many as a person writes down in one breath
VOICE_TEXT_CHARS = 400  # 24 groups of four symbols with generous white space
VOICE_GAPS = 20  # serials of a partner by voice that are named as not heard: more than an officer asks for in one call
VOICE_STATEMENTS = 1_000  # kept in memory per channel: 16 hours of talking without a pause; the journal has all

# Release
POLICY_BYTES = 65_536  # a policy of some tens of rules with comments is under 10 kB
POLICY_RULES = 100  # every draft may run through all of them
ZONE_CORNERS = 64  # of one zone of a policy: an exclusion zone is a box or a hull, drawn a little larger than it is
ASK_MAX_S = 3_600  # a yes that is older than an hour is about another situation
QUESTIONS_OPEN = 256  # asked and not answered, of one node; nobody reads more within their time
QUESTIONS_ENDED = 64  # answered or lapsed ones kept for the console; the journal has all
POSITION_GRAIN_MIN_M, POSITION_GRAIN_MAX_M = 50, 50_000  # finer is a track, coarser says nothing
TIME_GRAIN_MAX_S = 60  # a coarser time would eat the lead time that the channel is for
DISTRICTS_RELEASED = 24  # 40 claims of 105 bytes would not fit into ENTRY_BYTES

# Warning
WARNING_REFERENCES = 20  # earlier alerts that one alert names; a renewal comes each quarter of an hour at most
CAP_BYTES = 262_144  # three languages and ten polygons of 100 points are under 30 kB
CAP_POLYGON_POINTS = 100  # EU-Alert gateways take about 100 points of a polygon
CAP_POLYGONS = 10  # a district of more parts than this loses its smallest islets to their neighbours' hull
CAP_HEADLINE_CHARS = 160  # CAP 1.2 clause 3.2.2, headline: fits one short message

# Incidents
OPEN_INCIDENTS = 5_000
MESSAGES_PER_INCIDENT = 2_000
INCIDENTS_PER_PARTNER = 1_000  # open ones that one partner's notices may hold; no partner can fill the node
REFUSED_FIRST_WORDS = 1_000  # names per channel that a partner's first word was refused under; as many as may be open
CLOSED_INCIDENTS = 5_000  # closed ones kept in memory; older ones are in the log
OBJECTS_PER_INCIDENT = 500  # per observer; the largest documented night had about 150 balloons
OBLIGATIONS_PER_THREAD = 64  # open ones; more unanswered queries than this is a flood
SETTLED_PER_THREAD = 64  # settled obligations kept for the console; the log has them all
MISSED_PER_STEP = 500  # missed deadlines that one step takes; after an outage the next steps take the rest

SHIFT_OBLIGATIONS = 500  # that one hand-over lists; more than that is no hand-over, and takes several

# Configuration: procedure tables and agreements are written by people; a bigger file is a mistake
CONFIG_CHARS = 100_000
CONFIG_DEPTH = 8
CONFIG_SCALAR_CHARS = 2_000  # the longest sentence in a file has 300; a number of 2,000 digits can still be printed
DEADLINE_S = 7 * 86_400  # no deadline or step of a ladder is longer than a week
PROCEDURE_STATES = 64  # keeps the exhaustive exploration of both sides exhaustive
EXPLORED_STATES = 1_000_000  # of both sides of a table; the largest that ships has 190,000

# Edges
EVENT_QUEUE = 10_000  # events waiting in each lane of the node; a feed waits when its lane is full
BOOKMARK_EVENTS = 2_000  # recorded events between two bookmarks: a restart replays no more, about a second of work
BOOKMARK_BYTES = 4 * 1_048_576  # nor more bytes of them: some 14,000 messages of a partner
EVENTS_PER_COMMIT = 512  # group commit
DELIVERY_BYTES_PER_TURN = 131_072  # some 200 entries, under 50 ms; a longer delivery has a turn of its own
OBJECTS_PER_STEP = 256  # of a larger picture a step looks at so many objects for what is worth telling
FACTS_PER_STEP = 16  # snapshots that one step decides about, each with its messages: about 1 ms each
WAL_BYTES = 4 * 1_048_576  # the write-ahead log is emptied when it is longer; a restart reads all of it
PEER_TIMEOUT_S = 10.0
WITNESS_TIMEOUT_S = 10.0
WITNESS_RETRY_MIN_S, WITNESS_RETRY_MAX_S = 0.25, 10.0  # nothing waits for a witness; a dead one is asked rarely
WITNESS_REQUESTS_AT_ONCE = 64  # each holds at most one request's bytes; one more is told to come again
PULL_EVERY_S = 10.0  # a partner that has not delivered for so long is asked for its newest head
PEER_RETRY_MIN_S, PEER_RETRY_MAX_S = 0.25, 5.0
PEER_CALL_AGAIN_S = 0.75  # the longest pause while nobody answers: a line that returns has its first message in 1 s
CONSOLE_STREAMS = 32  # open browser pages per node
CONSOLE_COMMAND_BYTES = 4_096  # an officer's form: ids, codes and one remark
CONSOLE_HEARTBEAT_S = 2.0  # a page calls its line broken after four missed ones
CONSOLE_CADENCE_S = 1.0  # a view is drawn at most this often, and at least this often while anything changes
PERSON_NAME_CHARS = 80
PERSON_LINK_S = 86_400  # a one-time link is handed over within a day, or made anew
PERSON_SESSIONS = 8  # of one person at once: a few screens and a telephone; the oldest ends
SESSION_S = 12 * 3_600  # a shift
SESSION_IDLE_S = 1_800  # without any page open
SESSION_SEEN_S = 60  # how often a use of a session is written down
PASSWORD_MIN_CHARS, PASSWORD_MAX_CHARS = 12, 256  # with a code beside it; longer ones only cost the hash time
LOGIN_FAILURES = 5  # wrong attempts at one account before it is barred for a while
LOGIN_BARRED_S, LOGIN_BARRED_MAX_S = 30, 900  # doubled by each further one; a code of six digits lasts for centuries
LOGIN_ATTEMPTS_PER_MIN = 60  # at one node, whoever tries: each password costs 64 MiB for 50 ms
LOGIN_PENDING = 64  # begun and not ended; the oldest ends
LOGIN_PENDING_S = 300  # to find the passkey or the telephone
LOGIN_BODY_BYTES = 16_384  # a passkey's answer is under 2 kB
CONSOLE_KEY_CHARS = 32  # shortest key that a console accepts: 128 bits as hexadecimal digits
TICK_S = 0.25  # how often the node looks at the time; deadlines are seconds, an exercise runs up to 60 times faster
SLOW_TURN_MS = 250  # a tick; work is cut to pieces of some 20 ms: a turn that takes so much longer is told the operator
TEST_ANSWER_MS = 60_000  # a TEST without an answer for this long turns the line amber

ORIGIN_CHARS = 80  # the longest that LOG-1 and LOG-18 allow has 71
LOG_GENERATIONS = 1_000  # of one channel: new keys each week for 19 years

# Life of an agreement
LIVES = 1_000  # of one channel's agreement: a new one each week for 19 years
END_AHEAD_MS = 400 * 86_400_000  # a notice of a year and a month; a later end is a slip of the pen
LIFE_ACTS = 64  # acts of one channel kept in memory for the console; the logs have them all
HELD_MESSAGES = 500  # of a partner under our own suspension, taken up when it ends; the log has them all
AGREEMENT_ARTICLES = 100  # that one agreement lists, so that a deadline can name what it rests on

# Keys
PUBLIC_KEYS_BYTES = 16_384  # two ML-DSA-44 keys of 1,312 bytes and a certificate are under 6 kB
KEYS_LOOK_S = 2.0  # how often a node looks for a renewed certificate of its own and for revocations
CERTIFICATE_WARN_MS = 30 * 86_400_000  # the console warns this long before a certificate ends
PASSPHRASE_CHARS = 16  # shortest that is taken; scrypt does the rest

# Line between nodes (edges/peers). A caller is a stranger until its certificate is known.
PEER_HANDSHAKE_S = 5.0  # two round trips; a satellite takes 0.6 s for each
PEER_STRANGERS = 64  # callers in the handshake; one more ends the oldest, so that an honest call always finds room
PEER_CONNECTIONS = 8  # of one partner; one more ends its oldest, which may hang on a line that died
PEER_CALLS_PER_S = 50  # of one address: a handshake costs about a millisecond of a core
PEER_ADDRESSES = 1_024  # that calls are counted for; the longest silent goes first
PEER_HEAD_BYTES = 8_192  # request line and headers; ours have under 300
PEER_IDLE_S = 120.0  # between two requests of one connection
PEER_CONNECTION_S = 3_600.0  # then a new handshake looks at certificates and revocations again
PEER_RATE_MIN_BPS = 8_000  # bytes per second that a body must make, beside PEER_TIMEOUT_S: a line of 64 kbit/s
PEER_BYTES_PER_S = 16 * 1_048_576  # of one partner; a backlog of 1,000,000 messages of 600 bytes takes 36 s
PEER_REQUESTS_PER_S = 2_000  # of one partner; twice the messages of a busy hour, each in a delivery of its own
PEER_REFUSED_S = 0.1  # of a partner's time that a refused request costs; a fault of its own costs it ten a second
PEER_BURST_S = 0.5  # time that a partner may have saved up
PEER_BUFFER_BYTES = 65_536  # read ahead of what is consumed, per connection
