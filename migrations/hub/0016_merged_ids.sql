CREATE TABLE "merged_id" (
	"region" text NOT NULL,
	"local_id" text NOT NULL,
	"survivor" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"merged_at" timestamp with time zone NOT NULL,
	"is_protected" boolean NOT NULL,
	"deceased_on" date,
	CONSTRAINT "merged_id_region_local_id_pk" PRIMARY KEY("region","local_id"),
	CONSTRAINT "merged_id_two" CHECK ("merged_id"."local_id" <> "merged_id"."survivor")
);
--> statement-breakpoint
CREATE INDEX "merged_id_by_survivor" ON "merged_id" USING btree ("region","survivor");--> statement-breakpoint
WITH RECURSIVE chain (region, local_id, survivor) AS (
	SELECT gone.region, gone.local_id, gone.replaced_by FROM registration gone WHERE gone.replaced_by IS NOT NULL
	UNION
	SELECT chain.region, chain.local_id, next.replaced_by
	  FROM chain
	  JOIN registration next ON next.region = chain.region AND next.local_id = chain.survivor
	 WHERE next.replaced_by IS NOT NULL)
INSERT INTO merged_id (region, local_id, survivor, since, merged_at, is_protected, deceased_on)
SELECT gone.region, gone.local_id, chain.survivor, gone.created_at, gone.updated_at, gone.is_protected,
       (gone.features ->> 'deceasedOn')::date
  FROM chain
  JOIN registration gone ON gone.region = chain.region AND gone.local_id = chain.local_id
  LEFT JOIN registration last ON last.region = chain.region AND last.local_id = chain.survivor
 WHERE last.replaced_by IS NULL;--> statement-breakpoint
COMMENT ON TABLE "merged_id" IS 'Ids that were merged away, each with the id that stands for it after however many steps. What was ended or refused under them, their protection and a death told of them narrow what the survivor gives.';--> statement-breakpoint
COMMENT ON COLUMN "merged_id"."merged_at" IS 'When the id came to lead to the survivor; only what was consented to after it may lift what was ended before.';--> statement-breakpoint
COMMENT ON COLUMN "merged_id"."is_protected" IS 'Once protected it stays so until the merge is taken back by removing the id: messages that merge say little else.';
