CREATE TABLE "alignment_breach" (
	"day" date NOT NULL,
	"region" text NOT NULL,
	"rule" text NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "alignment_breach_region_day_rule_pk" PRIMARY KEY("region","day","rule")
);
--> statement-breakpoint
CREATE TABLE "alignment_code" (
	"day" date NOT NULL,
	"region" text NOT NULL,
	"system" text NOT NULL,
	"code" text NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "alignment_code_region_day_system_code_pk" PRIMARY KEY("region","day","system","code")
);
--> statement-breakpoint
CREATE TABLE "alignment_tally" (
	"day" date NOT NULL,
	"region" text NOT NULL,
	"item" text NOT NULL,
	"level" text NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "alignment_tally_region_day_item_level_pk" PRIMARY KEY("region","day","item","level"),
	CONSTRAINT "alignment_tally_count" CHECK ("alignment_tally"."count" > 0)
);
--> statement-breakpoint
CREATE TABLE "concept_map" (
	"region" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"body" text NOT NULL,
	"uploaded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "concept_map_region_id_pk" PRIMARY KEY("region","id")
);
--> statement-breakpoint
CREATE TABLE "concept_map_code" (
	"region" text NOT NULL,
	"map" text NOT NULL,
	"place" integer NOT NULL,
	"source" text NOT NULL,
	"code" text NOT NULL,
	"target" text NOT NULL,
	"target_code" text NOT NULL,
	"display" text,
	"equivalence" text NOT NULL,
	CONSTRAINT "concept_map_code_region_map_place_pk" PRIMARY KEY("region","map","place")
);
--> statement-breakpoint
CREATE INDEX "concept_map_code_by_source" ON "concept_map_code" USING btree ("region","source","code");--> statement-breakpoint
COMMENT ON TABLE "alignment_tally" IS 'How many records that regions gave had which item and level; figures only, no person, no asker.';--> statement-breakpoint
COMMENT ON COLUMN "alignment_tally"."item" IS 'Code of the catalogue of shared items; empty for what is unclassified.';--> statement-breakpoint
COMMENT ON COLUMN "alignment_tally"."day" IS 'The day in Japan, as in the other tables of alignment.';--> statement-breakpoint
COMMENT ON TABLE "alignment_breach" IS 'How many records broke a rule; each record counts once for a rule.';--> statement-breakpoint
COMMENT ON COLUMN "alignment_code"."code" IS 'An unmapped code; empty for all mapped codes of the system together. What does not look like a code is counted as other.';--> statement-breakpoint
COMMENT ON TABLE "concept_map" IS 'Maps that a region uploaded, to the letter; its rows stand in concept_map_code.';
