"""Why a study was not made: kept with it in English, told in the reader's language."""

from __future__ import annotations

from core.kept import kept

NO_POSTS = kept("No post of the last year is known.")
CONNECT = kept("Connect a platform or import its export.")
NO_TAGS = kept("No post of the last year has a hashtag.")
TOO_FEW_TO_FORESEE = kept("{n} days are known; a forecast needs more.")
TOO_FEW_TO_JUDGE = kept("{n} days are known; more are needed to know what is usual.")
