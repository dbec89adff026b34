"""The screen. With `pages/`, the only room that imports Streamlit."""
