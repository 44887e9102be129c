ALTER TABLE "handle" ADD COLUMN "named" text DEFAULT 'name-alone' NOT NULL;--> statement-breakpoint
ALTER TABLE "handle" ADD COLUMN "is_exact" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "handle" ADD CONSTRAINT "handle_named" CHECK ("named" in ('with-insured-number', 'name-alone'));--> statement-breakpoint
COMMENT ON COLUMN "handle"."named" IS 'How the asker had described the person. Without a visit on record the handle opens no more than that description would; of handles from before this was kept, the least.';--> statement-breakpoint
COMMENT ON COLUMN "handle"."is_exact" IS 'Whether name, sex, birth date and address were all given: what an emergency takes.';
