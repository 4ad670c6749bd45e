"""Where rows and answers are kept: PostgreSQL, its schema raw and the Parquet archive.

Not here: what the rows mean (records), nor the transformations of them (dbt_project).
"""
