"""Names of the record's codes as pages show them; English is translated like every other message."""

from __future__ import annotations


def N_(message: str) -> str:
    """Mark a message for translation."""
    return message


LABELS: dict[str, str] = {
    # PLOVER events
    "AGREE": N_("Agree"), "CONSULT": N_("Consult"), "SUPPORT": N_("Support"), "CONCEDE": N_("Concede"), "COOPERATE": N_("Cooperate"),
    "AID": N_("Aid"), "RETREAT": N_("Retreat"), "REQUEST": N_("Request"), "ACCUSE": N_("Accuse"), "REJECT": N_("Reject"),
    "THREATEN": N_("Threaten"), "PROTEST": N_("Protest"), "SANCTION": N_("Sanction"), "MOBILIZE": N_("Mobilize"),
    "COERCE": N_("Coerce"), "ASSAULT": N_("Assault"),
    # status
    "occurred": N_("occurred"), "ongoing": N_("ongoing"), "planned": N_("planned"), "possible": N_("possible"),
    "demanded": N_("demanded"), "denied": N_("denied"), "conditional": N_("conditional"), "claimed_intent": N_("claimed intent"),
    # acts of speech
    "say": N_("says"), "announce": N_("announces"), "confirm": N_("confirms"), "deny": N_("denies"), "accuse": N_("accuses"),
    "condemn": N_("condemns"), "warn": N_("warns"), "threaten": N_("threatens"), "demand": N_("demands"), "call": N_("calls for"),
    "promise": N_("promises"), "ask": N_("asks"), "expect": N_("expects"), "welcome": N_("welcomes"), "reject": N_("rejects"),
    "agree": N_("agrees"), "claim_responsibility": N_("claims responsibility"),
    "direct": N_("direct"), "indirect": N_("indirect"), "mixed": N_("mixed"),
    # what figures count
    "personnel": N_("personnel"), "attacks": N_("attacks"), "killed": N_("killed"), "wounded": N_("wounded"),
    "detained": N_("detained"), "displaced": N_("displaced"), "participants": N_("participants"), "money": N_("money"),
    "share": N_("share"), "duration": N_("duration"), "weapons": N_("weapons"), "vehicles": N_("vehicles"),
    "distance": N_("distance"), "area": N_("area"), "other": N_("other"),
    "exact": N_("exact"), "about": N_("about"), "more_than": N_("more than"), "less_than": N_("less than"),
    "at_least": N_("at least"), "at_most": N_("at most"), "range": N_("range"),
    # commitments
    "talks": N_("talks"), "working_group": N_("working group"), "timetable": N_("timetable"), "withdrawal": N_("withdrawal"),
    "reduction": N_("reduction"), "ceasefire": N_("ceasefire"), "agreement": N_("agreement"), "release": N_("release"),
    "deployment": N_("deployment"), "aid": N_("aid"), "visit": N_("visit"), "inquiry": N_("inquiry"),
    "proposed": N_("proposed"), "expected": N_("expected"), "announced": N_("announced"), "agreed": N_("agreed"),
    "under_way": N_("under way"), "done": N_("done"), "delayed": N_("delayed"), "refused": N_("refused"),
    "repeated": N_("repeated"), "moved": N_("moved"), "dropped": N_("dropped"),
    # kinds of actors
    "person": N_("person"), "organisation": N_("organisation"), "armed_group": N_("armed group"), "state": N_("state"),
    "place": N_("place"), "facility": N_("facility"), "outlet": N_("outlet"), "group": N_("group"),
    # times
    "date": N_("date"), "time": N_("time"), "set": N_("set"),
    # layers
    "events": N_("Events"), "statements": N_("Statements"), "figures": N_("Figures"), "times": N_("Dates"),
    "commitments": N_("Commitments"), "mentions": N_("Actors"), "documents": N_("Articles"), "articles": N_("Articles"),
    "case_entities": N_("Actors"), "event_groups": N_("Events"), "actors": N_("Actors"),
    # decisions
    "accept": N_("accepted"), "correct": N_("corrected"), "add": N_("added"), "merge": N_("merged"),
    "split": N_("split"), "undo": N_("undone"), "accepted": N_("accepted"), "corrected": N_("corrected"), "rejected": N_("rejected"),
    "added": N_("added"), "reader": N_("reader"), "reviewer": N_("reviewer"), "owner": N_("owner"),
    "login": N_("signed in"), "logout": N_("signed out"), "login_failed": N_("failed to sign in"), "upload": N_("added articles"),
    "export": N_("exported"),
}  # fmt: skip
#: what a decision "reject" is called; the act of speech has the same code
DECISIONS = {"reject": N_("rejected")}
EVENT_TYPES = ["AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"]  # fmt: skip
STATUSES = [
    "occurred",
    "ongoing",
    "planned",
    "possible",
    "demanded",
    "denied",
    "conditional",
    "claimed_intent",
]
#: PLOVER quad classes: verbal and material cooperation, verbal and material conflict
QUADS = {
    **dict.fromkeys(["AGREE", "CONSULT", "SUPPORT", "CONCEDE"], 1), **dict.fromkeys(["COOPERATE", "AID", "RETREAT"], 2),
    **dict.fromkeys(["REQUEST", "ACCUSE", "REJECT", "THREATEN"], 3),
    **dict.fromkeys(["PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"], 4),
}  # fmt: skip
QUAD_NAMES = {
    1: N_("Verbal cooperation"),
    2: N_("Material cooperation"),
    3: N_("Verbal conflict"),
    4: N_("Material conflict"),
}
LEVELS = [N_("Not begun"), N_("Agreed or begun"), N_("Under way"), N_("Done")]
#: mistakes of a reviewer, as casefile.review words them
MISTAKES = [
    N_("choose two different actors of this case"), N_("choose some of the actor's names, not none and not all"),
    N_("choose two different events of this case"), N_("this telling stands alone already"), N_("it is undone already"),
    N_("choose the words in the text first"), N_("nothing is said of what it should be"),
]  # fmt: skip
#: why tellings are one event, as casefile.events words it
REASONS = [
    N_("first telling"), N_("same day"), N_("same parties"), N_("same actor"), N_("same recipient"), N_("same place"),
    N_("same number of dead"), N_("copies of one text"), N_("added in review"), N_("another type in review"),
    N_("apart in review"), N_("one event in review"),
]  # fmt: skip
FORMATS = [
    N_("records, one a line (a file)"), N_("a CSV file for each table, with a data dictionary (a folder)"),
    N_("a Parquet file for each table, with a data dictionary (a folder)"), N_("PLOVER events, JSON Lines (a file)"),
    N_("POLECAT-shaped events, tab separated (a file)"), N_("ACLED-shaped events, CSV (a file)"),
    N_("FollowTheMoney entities, JSON Lines (a file)"), N_("the same, every value with its origin, JSON Lines (a file)"), N_("W3C Web Annotations, JSON-LD (a file)"),
    N_("TimelineJS slides, JSON (a file)"), N_("located events, GeoJSON (a file)"), N_("who acts on whom, GraphML (a file)"),
]  # fmt: skip
