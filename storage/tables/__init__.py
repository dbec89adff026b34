"""Every table. `workspace_id` leads every key and index, so the same schema shards by workspace.

Ids are made by `core.ids`. Instants are milliseconds since 1970 UTC, so that both databases keep them exactly; a day
is days since 1970-01-01 in the account's time zone. Secrets are ciphertext only (`storage.vault`).
"""

from storage.tables.content import Account, Campaign, Comment, DimensionRow, Member, MetricRow, Post, PostTotal, Reading
from storage.tables.facts import FACT_KEY, Coverage, ImportBatch, StreamCursor, SyncRun, fact, fact_revision
from storage.tables.kept import Annotation, AnomalyMark, Reconciliation, Study
from storage.tables.reports import (
    Delivery,
    MailingList,
    Recipient,
    Report,
    ReportRun,
    ReportSchedule,
    ShareLink,
    ShareVisit,
)
from storage.tables.site import (
    Connection,
    Lease,
    OAuthState,
    RateBlock,
    RateUse,
    Secret,
    Setting,
    Spend,
    SpendToday,
    StoreVersion,
    WebhookDelivery,
    WebhookNotice,
    WebhookSubscription,
    Workspace,
)

__all__ = [
    "FACT_KEY",
    "Account",
    "Annotation",
    "AnomalyMark",
    "Campaign",
    "Comment",
    "Connection",
    "Coverage",
    "Delivery",
    "DimensionRow",
    "ImportBatch",
    "Lease",
    "MailingList",
    "Member",
    "MetricRow",
    "OAuthState",
    "Post",
    "PostTotal",
    "RateBlock",
    "RateUse",
    "Reading",
    "Recipient",
    "Reconciliation",
    "Report",
    "ReportRun",
    "ReportSchedule",
    "Secret",
    "Setting",
    "ShareLink",
    "ShareVisit",
    "Spend",
    "SpendToday",
    "StoreVersion",
    "StreamCursor",
    "Study",
    "SyncRun",
    "WebhookDelivery",
    "WebhookNotice",
    "WebhookSubscription",
    "Workspace",
    "fact",
    "fact_revision",
]
