CREATE TABLE "merge_copy" (
	"local_id" text NOT NULL,
	"replaced_by" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "merge_copy_local_id_replaced_by_pk" PRIMARY KEY("local_id","replaced_by"),
	CONSTRAINT "merge_copy_two" CHECK ("merge_copy"."local_id" <> "merge_copy"."replaced_by")
);
--> statement-breakpoint
ALTER TABLE "consent_copy" ADD COLUMN "evidence_kind" text;--> statement-breakpoint
ALTER TABLE "registration_copy" ADD COLUMN "is_removed" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "merge_copy_by_replacement" ON "merge_copy" USING btree ("replaced_by");--> statement-breakpoint
ALTER TABLE "consent_copy" ADD CONSTRAINT "consent_copy_evidence_kind" CHECK ("consent_copy"."evidence_kind" in ('paper', 'document', 'signature', 'telephone'));--> statement-breakpoint
COMMENT ON TABLE "merge_copy" IS 'Which id the region said replaces which, each time; also where the hub refused it, since a merge only narrows here. Removing the id takes it back.';--> statement-breakpoint
COMMENT ON COLUMN "consent_copy"."evidence_kind" IS 'What the consent rests on; null where it was copied before this was kept, and then it lifts nothing said under a merged id.';--> statement-breakpoint
COMMENT ON COLUMN "registration_copy"."is_removed" IS 'Removed, and kept back as if protected until something is fed of the id again.';
