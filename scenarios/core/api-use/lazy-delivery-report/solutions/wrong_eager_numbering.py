# score: 7.7273 - reads the whole file at once, and counts the values of a column instead of rows
import polars as pl


def report(path: str, depots: pl.DataFrame) -> pl.DataFrame:
    frame = pl.read_csv(
        path,
        separator="{{sep.char}}",
        null_values="{{mark}}",
        schema_overrides={"{{col.id}}": pl.String},
    )
    frame = frame.filter(pl.col("{{col.kg}}").is_not_null()).with_row_index("line", offset=1)
    query = frame.lazy().with_columns(
        pl.col("{{col.city}}").str.strip_chars().str.to_lowercase(),
        pl.col("{{col.day}}").str.to_date().dt.truncate("1mo").alias("month"),
    )
    query = query.join(depots.lazy(), on="{{col.depot}}", how="left", validate="m:1")
    query = query.group_by("region", "month", maintain_order=True).agg(
        pl.col("{{col.kg}}").sum(), pl.col("{{col.euro}}").sum(), pl.col("{{col.euro}}").count().alias("rows"), pl.col("line").min(), pl.col("{{col.city}}").n_unique(), pl.col("{{col.id}}").n_unique()
    )
    return query.unpivot(
        index=["region", "month"], variable_name="measure", value_name="amount"
    ).collect()
