"""What is said of any platform when it cannot be read. Stored with what was read, so in English, and told later."""

from __future__ import annotations

from core.kept import kept

NOT_A_PLUGIN = True

NO_ANSWER = kept("{title} did not answer.")
COULD_NOT = kept("{title} could not answer just now.")
SLOW_DOWN = kept("{title} asks us to slow down.")
LIMIT_USED = kept("The rate limit of {title} is used up for now.")
QUOTA_USED = kept("The daily quota of {title} is used up.")
BROKEN_OFF = kept("{title} sent an answer that breaks off.")
TOO_MUCH = kept("{title} sent more in one answer than we take.")
TOO_LONG = kept("{title} takes too long to answer.")
STRANGE = kept("{title} answered in a shape we do not know.")
ELSEWHERE = kept("{title} sent us elsewhere, which we do not follow.")
REFUSED = kept("{title} refused the request with status {status}.")
NO_LOGIN = kept("{title} no longer accepts our login.")
NOT_LET = kept("{title} does not let us read this.")
RUN_OUT = kept("The consent for {title} has run out.")
NO_CONSENT = kept("{title} no longer accepts this consent.")
STRANGE_TOKEN = kept("{title} gave a token in a form we do not know.")
UNREADABLE_TOKEN = kept("{title} sent no readable token.")
NO_TOKEN = kept("{title} answered without a token.")
UNKNOWN_APP = kept("{title} does not know this app.")
NOT_ENABLED = kept("The {api} is not enabled for your app.")
ENABLE = kept("Enable {api} for your project in the Google Cloud console.")
SAME_PAGE = kept("{title} gave the same page twice.")
OTHER_HOST = kept("{title} names a next page on another host.")
ENDLESS = kept("{title} does not stop giving pages.")
TOOLS = kept("{title} wanted to use tools, of which it has none.")
NOT_WHOLE = kept("{title} gave no whole answer.")
NO_NUMBER = kept("{title} sent {kind} where a number belongs.")
OLD_VERSION = kept("{title} has retired version {version} of its API.")
NOT_IN_VERSION = kept("Version {version} of {title}'s API does not give this.")
VIEWS_INSTEAD = kept("{title} retired {metric} on {day}; views took its place.")
NOTHING_INSTEAD = kept("{title} retired {metric} on {day} and gave nothing for it.")
