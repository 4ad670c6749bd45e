# score: 10
import polars as pl


def report(path: str, depots: pl.DataFrame) -> pl.DataFrame:
    deliveries = pl.scan_csv(
        path, separator="{{sep.char}}", null_values="{{mark}}", schema_overrides={"{{col.id}}": pl.String}
    )
    return (
        deliveries.filter(pl.col("{{col.kg}}").is_not_null())
        .with_row_index("line", offset=1)
        .with_columns(
            pl.col("{{col.city}}").str.strip_chars().str.to_lowercase(),
            month=pl.col("{{col.day}}").str.to_date("%Y-%m-%d").dt.truncate("1mo"),
        )
        .join(depots.lazy(), on="{{col.depot}}", how="left", validate="m:1")
        .group_by("region", "month", maintain_order=True)
        .agg(
            pl.col("{{col.kg}}").sum(),
            pl.col("{{col.euro}}").sum(),
            pl.len().alias("rows"),
            pl.col("line").min(),
            pl.col("{{col.city}}").n_unique(),
            pl.col("{{col.id}}").n_unique(),
        )
        .unpivot(index=["region", "month"], variable_name="measure", value_name="amount")
        .collect()
    )
