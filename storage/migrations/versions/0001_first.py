"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _tables()
    for statement in _views(op.get_bind().dialect.name):
        op.execute(statement)


def _tables() -> None:
    op.create_table(
        "account",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("picture_url", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("selected", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id"),
    )
    op.create_index("account_external", "account", ["workspace_id", "platform", "external_id"], unique=True)
    op.create_table(
        "annotation",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id"),
    )
    op.create_table(
        "campaign",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Integer(), nullable=True),
        sa.Column("ends_on", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id"),
    )
    op.create_index(
        "campaign_external", "campaign", ["workspace_id", "account_id", "level", "external_id"], unique=True
    )
    op.create_table(
        "connection",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("token_expires_at", sa.BigInteger(), nullable=True),
        sa.Column("sync_requested_at", sa.BigInteger(), nullable=True),
        sa.Column("last_success_at", sa.BigInteger(), nullable=True),
        sa.Column("next_run_at", sa.BigInteger(), nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id"),
    )
    op.create_table(
        "coverage",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("metric_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("from_day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("to_day", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("observed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "account_id", "metric_id", "from_day"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "dimension",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "fact",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("metric_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("grain", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("dimension_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("observed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id",
            "metric_id",
            "grain",
            "dimension_id",
            "day",
            "account_id",
            "member_id",
            name="fact_pkey",
            postgresql_include=["value", "observed_at"],
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fact_revision",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("metric_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("grain", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("dimension_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("observed_from", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("observed_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id", "metric_id", "grain", "dimension_id", "day", "account_id", "member_id", "observed_from"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("fact_revision_ended", "fact_revision", ["workspace_id", "observed_to"], unique=False)
    op.create_table(
        "import_batch",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("undo", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id"),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("beat_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "member",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dimension_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "dimension_id", "id"),
    )
    op.create_index("member_key", "member", ["workspace_id", "dimension_id", "key"], unique=True)
    op.create_table(
        "metric",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("adds", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "oauth_state",
        sa.Column("state_hash", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("browser_hash", sa.Text(), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("verifier", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash"),
    )
    op.create_table(
        "post",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("permalink", sa.Text(), nullable=False),
        sa.Column("thumbnail_url", sa.Text(), nullable=False),
        sa.Column("duration_s", sa.Double(), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id"),
    )
    op.create_index("post_external", "post", ["workspace_id", "account_id", "external_id"], unique=True)
    op.create_index("post_published", "post", ["workspace_id", "account_id", "published_at"], unique=False)
    op.create_table(
        "post_total",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("metric_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("post_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("captured_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "metric_id", "post_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rate_block",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "rate_use",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("slice_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("units", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("key", "slice_at"),
    )
    op.create_table(
        "reading",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("post_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("metric_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("captured_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "post_id", "metric_id", "captured_at"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "secret",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "owner_id", "name"),
    )
    op.create_table(
        "setting",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "name"),
    )
    op.create_table(
        "store_version",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id"),
    )
    op.create_table(
        "stream_cursor",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("forward_to", sa.Integer(), nullable=True),
        sa.Column("back_to", sa.Integer(), nullable=True),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("ran_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "account_id", "stream"),
    )
    op.create_table(
        "sync_run",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("readings", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("streams", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id"),
    )
    op.create_index("sync_run_connection", "sync_run", ["workspace_id", "connection_id", "started_at"], unique=False)
    op.create_table(
        "workspace",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("week_start", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _views(dialect: str) -> list[str]:
    """The wide tables that people with a SQL client expect. Unknown is NULL; rates are percent, sum over sum."""

    def moment(ms: str) -> str:
        return f"datetime(({ms}) / 1000, 'unixepoch')" if dialect == "sqlite" else f"to_timestamp(({ms}) / 1000.0)"

    def day(number: str) -> str:
        return f"date(({number}) * 86400, 'unixepoch')" if dialect == "sqlite" else f"(DATE '1970-01-01' + ({number}))"

    def made(identity: str) -> str:
        return moment(f"({identity} / 4194304) + 1704067200000")

    def pick(*names: str) -> str:
        return ", ".join(f"MAX(CASE WHEN m.name = '{name}' THEN n.value END) AS {name}" for name in names)

    # On X a reply is the comment and a repost the share.
    seeds_words = (
        "CASE WHEN a.platform = 'x' THEN COALESCE(n.replies, n.comments) ELSE n.comments END AS comments_, "
        "CASE WHEN a.platform = 'x' THEN COALESCE(n.reposts, n.shares) ELSE n.shares END AS shares_"
    )
    engagement = (
        "CASE WHEN COALESCE(likes, comments_, shares_) IS NOT NULL "
        "THEN COALESCE(likes, 0) + COALESCE(comments_, 0) + COALESCE(shares_, 0) END"
    )
    json_object = "json_group_object" if dialect == "sqlite" else "json_object_agg"
    post_numbers = pick(
        "views",
        "impressions",
        "reach",
        "likes",
        "comments",
        "shares",
        "saves",
        "reposts",
        "replies",
        "link_clicks",
        "post_clicks",
    )
    per_post = f"""
        SELECT p.workspace_id, p.id, p.account_id, p.external_id, a.platform, a.name AS account_name, p.kind,
               p.published_at, n.*, {seeds_words}, COALESCE(n.link_clicks, n.post_clicks) AS clicks_
        FROM post p
        JOIN account a ON a.workspace_id = p.workspace_id AND a.id = p.account_id
        LEFT JOIN (
            SELECT n.workspace_id AS of_workspace, n.post_id, MAX(n.captured_at) AS captured_at, {post_numbers}
            FROM post_total n JOIN metric m ON m.id = n.metric_id
            GROUP BY n.workspace_id, n.post_id
        ) n ON n.of_workspace = p.workspace_id AND n.post_id = p.id"""
    post_analytics = f"""
        CREATE VIEW post_analytics AS
        SELECT id, id AS published_post_id, workspace_id AS business_id, account_id, account_name, platform,
               external_id AS platform_post_id, {moment("published_at")} AS published_at, impressions, likes,
               comments_ AS comments, shares_ AS shares, clicks_ AS clicks,
               100.0 * ({engagement}) / NULLIF(impressions, 0) AS engagement_rate,
               {moment("captured_at")} AS synced_at, {made("id")} AS created_at
        FROM ({per_post}) posts"""
    now_s = "strftime('%s', 'now')" if dialect == "sqlite" else "EXTRACT(EPOCH FROM now())"
    age_days = f"({now_s} * 1000.0 - published_at) / 86400000"
    peers = "PARTITION BY workspace_id, account_id, kind, age_class"

    def percentile(name: str) -> str:
        """100 x (middle rank - 1/2) / n among the peers that have a value; NULL below five of them."""
        n = f"COUNT({name}) OVER ({peers})"
        below = f"RANK() OVER ({peers}, {name} IS NULL ORDER BY {name}) - 1"
        ties = f"COUNT(*) OVER ({peers}, {name})"
        return f"CASE WHEN {name} IS NOT NULL AND {n} >= 5 THEN 100.0 * ({below} + {ties} / 2.0) / {n} END"

    content_performance = f"""
        CREATE VIEW content_performance AS
        SELECT id, id AS content_id, workspace_id AS user_id, account_id, account_name, platform,
               external_id AS platform_post_id, kind, {moment("published_at")} AS published_at, views, likes, shares,
               comments, saves, clicks, reach, impressions,
               100.0 * engagement / NULLIF(exposure, 0) AS engagement_rate,
               (COALESCE(by_engagement, by_exposure) + COALESCE(by_exposure, by_engagement)) / 2 AS performance_score,
               {moment("captured_at")} AS last_updated_at, {made("id")} AS created_at
        FROM (
            SELECT q.*, {percentile("engagement")} AS by_engagement, {percentile("exposure")} AS by_exposure
            FROM (
                SELECT workspace_id, id, account_id, account_name, platform, external_id, kind, published_at, views,
                       likes, shares_ AS shares, comments_ AS comments, saves, clicks_ AS clicks, reach, impressions,
                       {engagement} AS engagement, COALESCE(views, impressions, reach) AS exposure, captured_at,
                       CASE WHEN {age_days} < 1 THEN 1 WHEN {age_days} < 3 THEN 2 WHEN {age_days} < 7 THEN 3
                            WHEN {age_days} < 30 THEN 4 ELSE 5 END AS age_class
                FROM ({per_post}) posts
            ) q
        ) scored"""
    day_numbers = pick(
        "followers", "following", "views", "posts_total", "likes", "comments", "shares", "reposts", "replies"
    )
    user_metrics = f"""
        CREATE VIEW user_metrics AS
        SELECT account_id || '/' || day AS id, workspace_id AS user_id, account_id, account_name, platform,
               {day("day")} AS metric_date, followers AS followers_count, following AS following_count,
               views AS total_views, {engagement} AS total_engagement, posts_total AS posts_count,
               100.0 * ({engagement}) / NULLIF(views, 0) AS engagement_rate,
               CASE WHEN day_before = day - 1 THEN 100.0 * (followers - followers_before) / NULLIF(followers_before, 0)
                   END AS growth_rate,
               {moment("first_observed")} AS created_at, {moment("last_observed")} AS updated_at
        FROM (
            SELECT n.*, a.platform, a.name AS account_name, {seeds_words},
                   LAG(n.day) OVER (PARTITION BY n.workspace_id, n.account_id ORDER BY n.day) AS day_before,
                   LAG(n.followers) OVER (PARTITION BY n.workspace_id, n.account_id ORDER BY n.day) AS followers_before
            FROM (
                SELECT n.workspace_id, n.account_id, n.day, MIN(n.observed_at) AS first_observed,
                       MAX(n.observed_at) AS last_observed, {day_numbers}
                FROM fact n
                JOIN metric m ON m.id = n.metric_id
                JOIN dimension d ON d.id = n.dimension_id AND d.name = 'total'
                WHERE n.grain = 1
                GROUP BY n.workspace_id, n.account_id, n.day
            ) n
            JOIN account a ON a.workspace_id = n.workspace_id AND a.id = n.account_id
        ) days"""
    followers = """
        SELECT f.workspace_id, f.account_id, f.day, f.value, f.observed_at
        FROM fact f JOIN metric m ON m.id = f.metric_id AND m.name = 'followers'
        JOIN dimension d ON d.id = f.dimension_id AND d.name = 'total'
        WHERE f.grain = 1"""
    audience_insights = f"""
        CREATE VIEW audience_insights AS
        WITH followers AS ({followers}),
        newest AS (
            SELECT l.* FROM followers l JOIN (
                SELECT workspace_id, account_id, MAX(day) AS day FROM followers GROUP BY workspace_id, account_id
            ) last ON last.workspace_id = l.workspace_id AND last.account_id = l.account_id AND last.day = l.day
        ),
        split AS (
            SELECT f.workspace_id, f.account_id, f.value, f.observed_at, b.key, w.kind,
                   RANK() OVER (PARTITION BY f.workspace_id, f.account_id, w.kind
                                ORDER BY w.choice, o.choice, f.day DESC, f.grain) AS place
            FROM (
                SELECT 'age' AS kind, 'age' AS name, 1 AS choice UNION ALL SELECT 'age', 'age_gender', 2
                UNION ALL SELECT 'gender', 'gender', 1 UNION ALL SELECT 'gender', 'age_gender', 2
                UNION ALL SELECT 'location', 'country', 1 UNION ALL SELECT 'location', 'city', 2
            ) w
            JOIN dimension d ON d.name = w.name
            CROSS JOIN (
                SELECT 'followers' AS name, 1 AS choice UNION ALL SELECT 'viewer_share', 2
                UNION ALL SELECT 'engaged_users', 3 UNION ALL SELECT 'accounts_engaged', 4
                UNION ALL SELECT 'reach', 5 UNION ALL SELECT 'views', 6
            ) o
            JOIN metric m ON m.name = o.name
            JOIN fact f ON f.metric_id = m.id AND f.dimension_id = d.id
            JOIN member b ON b.workspace_id = f.workspace_id AND b.dimension_id = f.dimension_id AND b.id = f.member_id
        ),
        told AS (
            SELECT workspace_id, account_id, kind, {json_object}(key, value) AS parts, MAX(observed_at) AS observed_at
            FROM split WHERE place = 1 GROUP BY workspace_id, account_id, kind
        )
        SELECT a.id, a.workspace_id AS business_id, a.id AS account_id, a.name AS account_name, a.platform,
               n.value AS followers_count,
               100.0 * (n.value - (
                   SELECT b.value FROM followers b
                   WHERE b.workspace_id = a.workspace_id AND b.account_id = a.id
                     AND b.day BETWEEN n.day - 37 AND n.day - 30 ORDER BY b.day DESC LIMIT 1
               )) / NULLIF((
                   SELECT b.value FROM followers b
                   WHERE b.workspace_id = a.workspace_id AND b.account_id = a.id
                     AND b.day BETWEEN n.day - 37 AND n.day - 30 ORDER BY b.day DESC LIMIT 1
               ), 0) AS follower_growth_rate,
               age.parts AS age_demographics, gender.parts AS gender_demographics,
               location.parts AS location_demographics,
               {moment("COALESCE(n.observed_at, age.observed_at, gender.observed_at, location.observed_at)")} AS synced_at,
               {moment("a.created_at")} AS created_at
        FROM account a
        LEFT JOIN newest n ON n.workspace_id = a.workspace_id AND n.account_id = a.id
        LEFT JOIN told age ON age.workspace_id = a.workspace_id AND age.account_id = a.id AND age.kind = 'age'
        LEFT JOIN told gender
            ON gender.workspace_id = a.workspace_id AND gender.account_id = a.id AND gender.kind = 'gender'
        LEFT JOIN told location
            ON location.workspace_id = a.workspace_id AND location.account_id = a.id AND location.kind = 'location'"""
    return [post_analytics, content_performance, user_metrics, audience_insights]
