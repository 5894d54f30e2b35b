"""Streamlit pieces the pages share."""
