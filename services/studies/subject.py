"""What a study is about."""

from __future__ import annotations

from dataclasses import dataclass

from core.question import Where


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """A metric, a platform, both or neither: empty means all."""

    metric: str = ""
    platform: str = ""

    @property
    def key(self) -> str:
        """How it is called in the store.

        >>> Subject("views", "instagram").key, Subject().key
        ('views/instagram', '/')
        """
        return f"{self.metric}/{self.platform}"

    @classmethod
    def of(cls, key: str) -> Subject:
        """The subject of a key.

        >>> Subject.of("views/")
        Subject(metric='views', platform='')
        """
        metric, _, platform = key.partition("/")
        return cls(metric, platform)

    @property
    def where(self) -> Where:
        """The filter of a question about it."""
        return Where(platforms=(self.platform,) if self.platform else ())
