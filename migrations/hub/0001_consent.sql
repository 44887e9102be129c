CREATE TABLE "consent" (
	"region" text NOT NULL,
	"local_id" text NOT NULL,
	"version" integer NOT NULL,
	"status" text NOT NULL,
	"form" text NOT NULL,
	"stated_from" timestamp with time zone NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"valid_until" timestamp with time zone,
	"refused" text[] NOT NULL,
	"evidence" text NOT NULL,
	"resource" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "consent_region_local_id_version_pk" PRIMARY KEY("region","local_id","version"),
	CONSTRAINT "consent_version" CHECK ("consent"."version" >= 1),
	CONSTRAINT "consent_status" CHECK ("consent"."status" in ('active', 'withdrawn')),
	CONSTRAINT "consent_form" CHECK ("consent"."form" ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
	CONSTRAINT "consent_from" CHECK ("consent"."valid_from" = greatest("consent"."stated_from", "consent"."received_at")),
	CONSTRAINT "consent_period" CHECK ("consent"."status" = 'withdrawn' or "consent"."valid_until" is null or "consent"."valid_until" > "consent"."stated_from")
);
--> statement-breakpoint
CREATE TABLE "visit" (
	"institution" text NOT NULL,
	"region" text NOT NULL,
	"local_id" text,
	"person_id" text,
	"kind" text NOT NULL,
	"started_on" date NOT NULL,
	"ended_on" date,
	"retracted_at" timestamp with time zone,
	"recorded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "visit_once" UNIQUE NULLS NOT DISTINCT("institution","region","local_id","person_id","kind","started_on"),
	CONSTRAINT "visit_subject" CHECK (num_nonnulls("visit"."local_id", "visit"."person_id") = 1),
	CONSTRAINT "visit_kind" CHECK ("visit"."kind" in ('outpatient', 'inpatient', 'visiting', 'care-contract', 'checkup')),
	CONSTRAINT "visit_open" CHECK ("visit"."ended_on" is not null or "visit"."kind" in ('inpatient', 'care-contract')),
	CONSTRAINT "visit_period" CHECK ("visit"."ended_on" is null or "visit"."ended_on" >= "visit"."started_on")
);
--> statement-breakpoint
CREATE INDEX "visit_by_person" ON "visit" USING btree ("institution","person_id") WHERE "visit"."person_id" is not null;--> statement-breakpoint
COMMENT ON TABLE "consent" IS 'Every version of a resident''s consent received from the region that holds the data. Versions are added, never changed; the highest counts, whatever its state.';--> statement-breakpoint
COMMENT ON COLUMN "consent"."local_id" IS 'The patient''s id in that region''s own system.';--> statement-breakpoint
COMMENT ON COLUMN "consent"."version" IS 'Given by the region (meta.versionId) and only rising.';--> statement-breakpoint
COMMENT ON COLUMN "consent"."status" IS 'withdrawn also stands for a form on which the resident refused.';--> statement-breakpoint
COMMENT ON COLUMN "consent"."form" IS 'Form and its version, as one code. What it covers is the council''s reading, in its policy; a form not read covers nothing.';--> statement-breakpoint
COMMENT ON COLUMN "consent"."stated_from" IS 'What the paper says: the later of its signing and its stated start. Kept as evidence, decides nothing by itself.';--> statement-breakpoint
COMMENT ON COLUMN "consent"."valid_from" IS 'The later of stated_from and received_at: nothing counts before it was received.';--> statement-breakpoint
COMMENT ON COLUMN "consent"."valid_until" IS 'The first instant no longer covered; a stated last day ends at the next midnight in Japan. Null: no end.';--> statement-breakpoint
COMMENT ON COLUMN "consent"."refused" IS 'Codes of items the resident keeps back from other regions.';--> statement-breakpoint
COMMENT ON COLUMN "consent"."evidence" IS 'Reference to the paper or the electronic original, which stays with the council.';--> statement-breakpoint
COMMENT ON COLUMN "consent"."resource" IS 'The Consent resource, to the letter as it was signed for and received.';--> statement-breakpoint
COMMENT ON TABLE "visit" IS '受診・利用: that an institution treats or cares for a person. Without one that counts the institution is unvisited.';--> statement-breakpoint
COMMENT ON COLUMN "visit"."region" IS 'Who recorded it, not where it counts: an institution may belong to two regions.';--> statement-breakpoint
COMMENT ON COLUMN "visit"."local_id" IS 'The registration in that region. A visit so recorded follows the registration''s links. Null when person_id is set.';--> statement-breakpoint
COMMENT ON COLUMN "visit"."person_id" IS 'For a person who is not registered in the recording region and was named by a handle. Null when local_id is set.';--> statement-breakpoint
COMMENT ON COLUMN "visit"."started_on" IS 'A day in Japan, as is ended_on.';--> statement-breakpoint
COMMENT ON COLUMN "visit"."ended_on" IS 'The last day. Null only while an admission or a care contract is open, which counts as long as it is.';--> statement-breakpoint
COMMENT ON COLUMN "visit"."retracted_at" IS 'When the region took the visit back as entered in error; it counts no longer and cannot be entered again.';
