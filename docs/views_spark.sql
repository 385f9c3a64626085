-- Views of a dataset, for Spark 4.1 or newer: `spark-sql -i docs/views_spark.sql` in the folder that has the dataset `out`.
-- docs/views.sql has the same ones for DuckDB, and says what they are.

SET TIME ZONE 'UTC';

CREATE OR REPLACE TEMPORARY VIEW articles USING parquet OPTIONS (path 'out/articles', mergeSchema 'true');

CREATE OR REPLACE TEMPORARY VIEW sightings USING parquet OPTIONS (path 'out/sightings', mergeSchema 'true');

CREATE OR REPLACE TEMPORARY VIEW story_joins USING parquet OPTIONS (path 'out/story_joins', mergeSchema 'true');

CREATE OR REPLACE TEMPORARY VIEW commits
(run_id STRING, command STRING, ingested_at TIMESTAMP)
USING json OPTIONS (path 'out/_manifests/*.json', multiLine 'true');

CREATE OR REPLACE TEMPORARY VIEW latest AS
WITH texts AS (
  SELECT article_id, date, content_hash, ingested_at, version FROM articles
  UNION ALL
  SELECT article_id, article_date, content_hash, ingested_at, 0 FROM sightings WHERE relation = 'reverted'
), current AS (
  SELECT article_id, date, max_by(content_hash, (ingested_at, version)) AS content_hash FROM texts GROUP BY ALL
), numbered AS (
  SELECT articles.*, row_number() OVER (PARTITION BY article_id, date ORDER BY version) AS number
  FROM articles
  WHERE (article_id, date, content_hash) IN (SELECT article_id, date, content_hash FROM current)
)
SELECT * EXCEPT (number) FROM numbered WHERE number = 1;

-- A recursion keeps rows that it has met: one that goes in a circle fails.
CREATE OR REPLACE TEMPORARY VIEW stories AS
WITH RECURSIVE joins AS (
  SELECT DISTINCT story_id, joined_to FROM story_joins
), followed AS (
  SELECT story_id, joined_to FROM joins
  UNION ALL
  SELECT followed.story_id, joins.joined_to FROM followed JOIN joins ON joins.story_id = followed.joined_to
), ends AS (
  SELECT followed.story_id, min(joined_to) AS joined_to
  FROM followed ANTI JOIN joins ON joins.story_id = followed.joined_to
  GROUP BY ALL
)
SELECT DISTINCT coalesce(ends.joined_to, story_id) AS story_id, article_id
FROM articles LEFT JOIN ends USING (story_id);

CREATE OR REPLACE TEMPORARY VIEW carriers AS
SELECT
  story_id, coalesce(publisher, source) AS outlet, min(published_at) AS published_at, min(first_seen_at) AS first_seen_at,
  rank() OVER (PARTITION BY story_id ORDER BY min(published_at) NULLS LAST, min(first_seen_at)) AS place,
  count(*) OVER (PARTITION BY story_id) AS outlets
FROM stories JOIN sightings USING (article_id)
GROUP BY story_id, coalesce(publisher, source);

CREATE OR REPLACE TEMPORARY VIEW entities AS
SELECT article_id, date, published_at, publisher, language, inline(entities) FROM latest;

CREATE OR REPLACE TEMPORARY VIEW places AS
SELECT article_id, date, published_at, publisher, language, inline(places) FROM latest;

CREATE OR REPLACE TEMPORARY VIEW topics AS
SELECT article_id, date, published_at, publisher, language, inline(topics) FROM latest;
