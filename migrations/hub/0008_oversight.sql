CREATE TABLE "emergency" (
	"id" text PRIMARY KEY NOT NULL,
	"institution" text NOT NULL,
	"region" text NOT NULL,
	"user_id" text NOT NULL,
	"profession" text NOT NULL,
	"post" text NOT NULL,
	"person_id" text NOT NULL,
	"reason" text NOT NULL,
	"broken_at" timestamp with time zone NOT NULL,
	"views" integer NOT NULL,
	"report_due_at" timestamp with time zone NOT NULL,
	"reported_at" timestamp with time zone,
	"reported_by" text,
	"report" text,
	CONSTRAINT "emergency_report" CHECK (num_nonnulls("emergency"."reported_at", "emergency"."reported_by", "emergency"."report") in (0, 3))
);
--> statement-breakpoint
CREATE TABLE "emergency_review" (
	"emergency" text NOT NULL,
	"holding" text NOT NULL,
	"local_id" text NOT NULL,
	"due_on" date NOT NULL,
	"reviewed_at" timestamp with time zone,
	"officer" text,
	"finding" text,
	"note" text,
	CONSTRAINT "emergency_review_emergency_holding_pk" PRIMARY KEY("emergency","holding"),
	CONSTRAINT "emergency_review_whole" CHECK (num_nonnulls("emergency_review"."reviewed_at", "emergency_review"."officer", "emergency_review"."finding", "emergency_review"."note") in (0, 4)),
	CONSTRAINT "emergency_review_finding" CHECK ("emergency_review"."finding" in ('proper', 'improper', 'unclear'))
);
--> statement-breakpoint
CREATE TABLE "first_view" (
	"institution" text NOT NULL,
	"holding" text NOT NULL,
	"person_id" text NOT NULL,
	"viewed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "first_view_institution_holding_person_id_pk" PRIMARY KEY("institution","holding","person_id")
);
--> statement-breakpoint
CREATE TABLE "lookup_miss" (
	"day" date NOT NULL,
	"institution" text NOT NULL,
	"region" text NOT NULL,
	"user_id" text NOT NULL,
	"misses" integer NOT NULL,
	CONSTRAINT "lookup_miss_institution_day_region_user_id_pk" PRIMARY KEY("institution","day","region","user_id")
);
--> statement-breakpoint
CREATE TABLE "viewed_person" (
	"day" date NOT NULL,
	"holding" text NOT NULL,
	"institution" text NOT NULL,
	"region" text NOT NULL,
	"user_id" text NOT NULL,
	"person_id" text NOT NULL,
	CONSTRAINT "viewed_person_institution_day_holding_region_user_id_person_id_pk" PRIMARY KEY("institution","day","holding","region","user_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "finding" (
	"id" text PRIMARY KEY NOT NULL,
	"rule" text NOT NULL,
	"day" date NOT NULL,
	"region" text NOT NULL,
	"institution" text NOT NULL,
	"user_id" text NOT NULL,
	"score" integer NOT NULL,
	"evidence" jsonb NOT NULL,
	"found_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	"settled_by" text,
	"outcome" text,
	"follow_up" text,
	CONSTRAINT "finding_once" UNIQUE("rule","day","region","institution","user_id"),
	CONSTRAINT "finding_score" CHECK ("finding"."score" between 1 and 100),
	CONSTRAINT "finding_outcome" CHECK ("finding"."outcome" in ('proper', 'improper', 'unclear')),
	CONSTRAINT "finding_settled" CHECK (num_nonnulls("finding"."settled_at", "finding"."settled_by", "finding"."outcome", "finding"."follow_up") in (0, 4))
);
--> statement-breakpoint
ALTER TABLE "emergency_review" ADD CONSTRAINT "emergency_review_emergency_emergency_id_fk" FOREIGN KEY ("emergency") REFERENCES "public"."emergency"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "emergency_by_user" ON "emergency" USING btree ("region","institution","user_id","broken_at");--> statement-breakpoint
CREATE INDEX "emergency_unreported" ON "emergency" USING btree ("report_due_at") WHERE "emergency"."reported_at" is null;--> statement-breakpoint
CREATE INDEX "emergency_review_open" ON "emergency_review" USING btree ("holding","due_on") WHERE "emergency_review"."reviewed_at" is null;--> statement-breakpoint
CREATE INDEX "finding_open" ON "finding" USING btree ("score") WHERE "finding"."settled_at" is null;--> statement-breakpoint
-- Whoever waits for sources learns that something moved. An epoch that is made has moved nothing, so a first feed of
-- millions notifies nobody; PostgreSQL delivers when the change commits, and one transaction's equal notices once.
CREATE FUNCTION epoch_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('epoch', NEW.kind || ':' || NEW.key);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER epoch_moved AFTER UPDATE ON "epoch" FOR EACH ROW
  WHEN (NEW.kind <> 'registry' AND NEW.value <> OLD.value) EXECUTE FUNCTION epoch_moved();--> statement-breakpoint
COMMENT ON TABLE "viewed_person" IS 'Whom a viewer was shown by a holding region on a day in Japan; counted against the holder''s ceilings. Rows of past days may go.';--> statement-breakpoint
COMMENT ON TABLE "first_view" IS 'When an institution was first shown a person by a holding region; its council was told then.';--> statement-breakpoint
COMMENT ON TABLE "lookup_miss" IS 'How often a viewer described somebody whom nobody was found for, on a day in Japan. Rows of past days may go.';--> statement-breakpoint
COMMENT ON TABLE "emergency" IS 'A breaking of the glass: one user, one person, one hour.';--> statement-breakpoint
COMMENT ON COLUMN "emergency"."id" IS 'SHA-256 of region, institution, user, person and time: the same hour of the same viewer is the same emergency.';--> statement-breakpoint
COMMENT ON COLUMN "emergency"."views" IS 'Queries that were permitted on its ground.';--> statement-breakpoint
COMMENT ON TABLE "emergency_review" IS 'What each holding council''s privacy officer owes of an emergency, by local patient id.';--> statement-breakpoint
COMMENT ON COLUMN "emergency_review"."due_on" IS 'Five working days after; weekends, national holidays and the New Year do not count.';--> statement-breakpoint
COMMENT ON TABLE "finding" IS 'What a rule over the audit found worth a person''s look: a worklist, and no judgement.';--> statement-breakpoint
COMMENT ON COLUMN "finding"."day" IS 'A day in Japan.';--> statement-breakpoint
COMMENT ON COLUMN "finding"."score" IS '1 to 100; what is looked into first.';
