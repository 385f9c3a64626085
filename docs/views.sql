-- Views of a dataset, for DuckDB: `duckdb -init docs/views.sql` in the folder that has the dataset `out`.

-- The newest version of each article. One that went back to an earlier text is that version again.
CREATE OR REPLACE VIEW latest AS
WITH texts AS (
  SELECT article_id, content_hash, ingested_at, version FROM 'out/articles/**/*.parquet'
  UNION ALL
  SELECT article_id, content_hash, ingested_at, 0 FROM 'out/sightings/**/*.parquet' WHERE relation = 'reverted'
), current AS (
  SELECT article_id, arg_max(content_hash, (ingested_at, version)) AS content_hash FROM texts GROUP BY article_id
)
SELECT articles.*
FROM 'out/articles/**/*.parquet' articles SEMI JOIN current USING (article_id, content_hash)
QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY version) = 1;

-- The story that each article is of by now: joins of stories are followed to their end.
CREATE OR REPLACE VIEW stories AS
WITH RECURSIVE joins AS (
  SELECT DISTINCT story_id, joined_to FROM 'out/story_joins/*.parquet'
), followed AS (
  SELECT story_id, joined_to FROM joins
  UNION
  SELECT followed.story_id, joins.joined_to FROM followed JOIN joins ON joins.story_id = followed.joined_to
), ends AS (
  SELECT followed.story_id, min(joined_to) AS joined_to
  FROM followed ANTI JOIN joins ON joins.story_id = followed.joined_to
  GROUP BY ALL
)
SELECT DISTINCT coalesce(ends.joined_to, story_id) AS story_id, article_id
FROM 'out/articles/**/*.parquet' LEFT JOIN ends USING (story_id);
