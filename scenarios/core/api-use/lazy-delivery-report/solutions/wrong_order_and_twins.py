# score: 8.1818 - the groups come in any order, and a depot that stands twice doubles its rows
import polars as pl


def report(path: str, depots: pl.DataFrame) -> pl.DataFrame:
    frame = pl.scan_csv(
        path,
        separator="{{sep.char}}",
        null_values=["{{mark}}"],
        schema_overrides={"{{col.id}}": pl.Utf8},
    )
    frame = frame.drop_nulls("{{col.kg}}").with_row_index(name="line", offset=1)
    frame = frame.with_columns(pl.col("{{col.city}}").str.strip_chars().str.to_lowercase())
    frame = frame.with_columns(pl.col("{{col.day}}").str.strptime(pl.Date, "%Y-%m-%d").dt.truncate("1mo").alias("month"))
    frame = frame.join(depots.lazy(), on="{{col.depot}}", how="left")
    grouped = frame.group_by(["region", "month"]).agg(
        pl.sum("{{col.kg}}"), pl.sum("{{col.euro}}"), pl.len().alias("rows"), pl.col("line").min(), pl.col("{{col.city}}").n_unique(), pl.col("{{col.id}}").n_unique()
    )
    return grouped.unpivot(
        on=["{{col.kg}}", "{{col.euro}}", "rows", "line", "{{col.city}}", "{{col.id}}"],
        index=["region", "month"],
        variable_name="measure",
        value_name="amount",
    ).collect()
