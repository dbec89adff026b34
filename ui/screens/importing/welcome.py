"""What the Import page shows before there is a file: what one needs, an example, and where platforms offer theirs."""

from __future__ import annotations

import streamlit as st

from core.language import mark, tr

_DAILY = "Date,Impressions,Likes,Comments,Shares,Followers\n2026-01-01,1200,45,6,3,8120\n2026-01-02,980,31,4,1,8127\n"
_POSTS = (
    "Post id,Published,Type,Caption,Permalink,Views,Likes,Comments,Shares\n"
    "1001,2026-01-01 09:30,image,Our new menu,https://example.com/p/1001,1500,82,9,4\n"
    "1002,2026-01-03 18:00,reel,Behind the counter,https://example.com/p/1002,4210,260,31,22\n"
)
_WHERE = mark("""\
- **Facebook and Instagram**: Meta Business Suite, Insights, Content, Export data, for the whole life of the posts.
  Numbers of the account by day: Insights, Results, Export at each chart.
- **YouTube**: YouTube Studio, Analytics, Advanced mode, Export current view. The ZIP can be brought as it is.
- **X**: X Analytics, Content or Account overview, Export.
- **LinkedIn**: page analytics, Content, Followers or Visitors, Export. The XLS file can be brought as it is.
- **TikTok**: TikTok Studio, Analytics, Overview, Content or Followers, Download data.

English, German and French exports are recognised by their headings; others can be mapped by hand. Platforms move these
menus from time to time; look for Export or Download on their analytics pages.""")
_RULES = (
    (":material/table_rows:", mark("**One heading row.** Title lines above it are skipped.")),
    (":material/event:", mark("**A date in every row:** the day, or when the post was published.")),
    (
        ":material/tag:",
        mark("**Counts, not rates.** Rates are computed from their parts; an empty cell is never taken as 0."),
    ),
)


def draw() -> None:
    """Three rules, two examples, and where exports are found."""
    grid = st.grid(len(_RULES), min_column_width=240, gap="small")
    for icon, text in _RULES:
        with grid.cell(), st.container(border=True, height="stretch", gap="xxsmall"):
            st.markdown(f":primary[{icon}]")
            st.markdown(tr(text))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        _example(tr("Example: posts"), _POSTS, "posts.csv")
        _example(tr("Example: daily numbers"), _DAILY, "daily.csv")
    with st.expander(tr("Where platforms offer their exports"), icon=":material/help:"):
        st.markdown(tr(_WHERE))


def _example(label: str, content: str, file_name: str) -> None:
    st.download_button(
        label,
        content,
        file_name,
        "text/csv",
        key=f"import-example-{file_name}",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )
