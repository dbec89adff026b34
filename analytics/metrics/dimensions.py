"""The ways to split a social metric. Ids are stored with every fact and never change."""

from __future__ import annotations

from core.metric import TOTAL, Dimension

NOT_A_PLUGIN = True

ALL: tuple[Dimension, ...] = (
    TOTAL,
    Dimension(1, "country", "Country", "ISO 3166-1 alpha-2 code of the country people are in."),
    Dimension(2, "city", "City", "City and region people are in, as the platform writes it."),
    Dimension(3, "age_gender", "Age and gender", "Age band with gender, such as '18-24 F'."),
    Dimension(4, "age", "Age", "Age band."),
    Dimension(5, "gender", "Gender", "F, M or U (unknown or not said)."),
    Dimension(6, "device", "Device", "mobile, desktop, tablet, tv or other."),
    Dimension(7, "traffic_source", "Traffic source", "How viewers got there, as the platform names it."),
    Dimension(8, "content_kind", "Kind of content", "post, reel, story, video, short and so on."),
    Dimension(9, "follow_type", "Followers or not", "Whether people followed the account when they saw it."),
    Dimension(10, "language", "Language", "Language of people, as a two-letter code where the platform gives one."),
    Dimension(11, "seniority", "Seniority", "How senior people are in their work, as the platform grades it."),
    Dimension(12, "job_function", "Job function", "What people do in their work, such as sales or research."),
    Dimension(13, "industry", "Industry", "The industry people work in."),
    Dimension(14, "company_size", "Company size", "How many work at the company people work for."),
    Dimension(
        15, "page_section", "Section of the page", "Which part of a company page was opened: overview, jobs, people ..."
    ),
    Dimension(16, "origin", "Organic or paid", "Whether it came by itself or by advertising."),
)
"""Every dimension, the total first."""
