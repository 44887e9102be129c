COMMENT ON COLUMN "source_report"."at" IS 'When asking the region ended last, whether it answered or not.';--> statement-breakpoint
COMMENT ON COLUMN "source_report"."answered_at" IS 'When the region itself answered last, a denial too; later failures leave it. Null until it has answered once.';
