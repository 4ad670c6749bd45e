# score: 1.0766 - groupby, melt, with_row_count, strip and sep are names of versions long gone
import polars as pl


def report(path: str, depots: pl.DataFrame) -> pl.DataFrame:
    sep = "{{sep.char}}"
    deliveries = pl.scan_csv(path, sep=sep, null_values="{{mark}}", dtypes={"{{col.id}}": pl.Utf8})
    kept = deliveries.filter(pl.col("{{col.kg}}").is_not_null()).with_row_count("line", offset=1)
    clean = kept.with_columns(
        [
            pl.col("{{col.city}}").str.strip().str.to_lowercase(),
            pl.col("{{col.day}}").str.strptime(pl.Date, fmt="%Y-%m-%d").dt.truncate("1mo").alias("month"),
        ]
    )
    joined = clean.join(depots.lazy(), on="{{col.depot}}", how="left", validate="m:1")
    grouped = joined.groupby(["region", "month"], maintain_order=True).agg(
        [pl.col("{{col.kg}}").sum(), pl.col("{{col.euro}}").sum(), pl.count().alias("rows"), pl.col("line").min(), pl.col("{{col.city}}").n_unique(), pl.col("{{col.id}}").n_unique()]
    )
    return grouped.melt(id_vars=["region", "month"], variable_name="measure", value_name="amount").collect()
