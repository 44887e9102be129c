CREATE TABLE "undo_proposal" (
	"decision" bigint PRIMARY KEY NOT NULL,
	"region" text NOT NULL,
	"clerk" text NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "undo_proposal" ADD CONSTRAINT "undo_proposal_of_decision" FOREIGN KEY ("decision") REFERENCES "public"."link_decision"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
COMMENT ON TABLE "undo_proposal" IS 'An undo that takes two clerks and that one asked for; it is carried out when another asks for it too, within two weeks.';
