# score: 2.1154 - the right methods with arguments of pandas
import polars as pl


def report(path: str, depots: pl.DataFrame) -> pl.DataFrame:
    return (
        pl.scan_csv(
            path,
            separator="{{sep.char}}",
            na_values=["{{mark}}"],
            dtype={"{{col.id}}": pl.String},
        )
        .filter(pl.col("{{col.kg}}").is_not_null())
        .with_row_index("line", start=1)
        .with_columns(pl.col("{{col.city}}").str.strip_chars().str.to_lowercase())
        .with_columns(pl.col("{{col.day}}").str.to_date("%Y-%m-%d").dt.truncate("1mo").alias("month"))
        .join(depots.lazy(), on="{{col.depot}}", how="left", validate="m:1")
        .group_by(["region", "month"], sort=False)
        .agg(pl.col("{{col.kg}}").sum(), pl.col("{{col.euro}}").sum(), pl.len().alias("rows"), pl.col("line").min(), pl.col("{{col.city}}").n_unique(), pl.col("{{col.id}}").n_unique())
        .unpivot(id_vars=["region", "month"], variable_name="measure", value_name="amount")
        .collect()
    )
