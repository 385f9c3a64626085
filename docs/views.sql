-- Views of a dataset, for DuckDB: `duckdb -init docs/views.sql` in the folder that has the dataset `out`.
-- docs/views_spark.sql has the same ones for Spark. A dataset needs an article first: of one with rejects alone there is
-- nothing to view, and DuckDB says that no files match.

-- Days and hours are those of UTC, whatever the zone of this machine.
SET TimeZone = 'UTC';

-- Files of older versions have fewer columns; by name, what they lack is null.
CREATE OR REPLACE TEMPORARY VIEW articles AS
FROM read_parquet('out/articles/**/*.parquet', union_by_name = true, hive_partitioning = true);

CREATE OR REPLACE TEMPORARY VIEW sightings AS
FROM read_parquet('out/sightings/**/*.parquet', union_by_name = true, hive_partitioning = true);

CREATE OR REPLACE TEMPORARY VIEW story_joins AS
FROM read_parquet('out/story_joins/*.parquet', union_by_name = true);

-- The commits that are complete.
CREATE OR REPLACE TEMPORARY VIEW commits AS
FROM read_json('out/_manifests/*.json', columns = {run_id: 'VARCHAR', command: 'VARCHAR', ingested_at: 'TIMESTAMPTZ'});

-- The newest version of each article. One that went back to an earlier text is that version again.
CREATE OR REPLACE TEMPORARY VIEW latest AS
WITH texts AS (
  SELECT article_id, date, content_hash, ingested_at, version FROM articles
  UNION ALL
  SELECT article_id, article_date, content_hash, ingested_at, 0 FROM sightings WHERE relation = 'reverted'
), current AS (
  SELECT article_id, date, max_by(content_hash, (ingested_at, version)) AS content_hash FROM texts GROUP BY ALL
)
SELECT articles.*
FROM articles SEMI JOIN current USING (article_id, date, content_hash)
QUALIFY row_number() OVER (PARTITION BY article_id, date ORDER BY version) = 1;

-- The story that each article is of by now: joins of stories are followed to their end.
CREATE OR REPLACE TEMPORARY VIEW stories AS
WITH RECURSIVE joins AS (
  SELECT DISTINCT story_id, joined_to FROM story_joins
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
FROM articles LEFT JOIN ends USING (story_id);

-- Which outlets ran a story, each in its place: 1 for the first. `outlets` is how many they are.
CREATE OR REPLACE TEMPORARY VIEW carriers AS
SELECT
  story_id, coalesce(publisher, source) AS outlet, min(published_at) AS published_at, min(first_seen_at) AS first_seen_at,
  rank() OVER (PARTITION BY story_id ORDER BY min(published_at) NULLS LAST, min(first_seen_at)) AS place,
  count(*) OVER (PARTITION BY story_id) AS outlets
FROM stories JOIN sightings USING (article_id)
GROUP BY story_id, coalesce(publisher, source);

-- What each article names and is about, as it is now: a row for each entity, place and topic.
CREATE OR REPLACE TEMPORARY VIEW entities AS
SELECT article_id, date, published_at, publisher, language, unnest(entities, max_depth := 2) FROM latest;

CREATE OR REPLACE TEMPORARY VIEW places AS
SELECT article_id, date, published_at, publisher, language, unnest(places, max_depth := 2) FROM latest;

CREATE OR REPLACE TEMPORARY VIEW topics AS
SELECT article_id, date, published_at, publisher, language, unnest(topics, max_depth := 2) FROM latest;
