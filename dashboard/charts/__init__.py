"""One chart a file: rows in, a Plotly figure out. Nothing here asks the API or knows Streamlit."""
