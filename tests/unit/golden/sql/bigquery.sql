-- two pages
SELECT * FROM `crm`.`leads` WHERE 1 = 0
SELECT CURRENT_TIMESTAMP()
SELECT `leads`.`id`, `leads`.`name`, `leads`.`updated_at` FROM `crm`.`leads` WHERE `leads`.`updated_at` IS NULL AND `leads`.`id` IS NOT NULL ORDER BY `leads`.`updated_at`, `leads`.`id` LIMIT %(param_1:INT64)s  -- param_1=2
SELECT `leads`.`id`, `leads`.`name`, `leads`.`updated_at` FROM `crm`.`leads` WHERE `leads`.`updated_at` IS NULL AND `leads`.`id` IS NULL LIMIT %(param_1:INT64)s  -- param_1=500
SELECT `leads`.`id`, `leads`.`name`, `leads`.`updated_at` FROM `crm`.`leads` WHERE `leads`.`updated_at` IS NOT NULL ORDER BY `leads`.`updated_at`, `leads`.`id` LIMIT %(param_1:INT64)s  -- param_1=2
SELECT `leads`.`id`, `leads`.`name`, `leads`.`updated_at` FROM `crm`.`leads` WHERE `leads`.`updated_at` IS NOT NULL AND `leads`.`updated_at` = %(param_1)s AND `leads`.`id` >= %(param_2)s ORDER BY `leads`.`updated_at`, `leads`.`id` LIMIT %(param_3:INT64)s  -- param_1=datetime.datetime(2026, 3, 2, 15, 0, 1, 123456, tzinfo=datetime.timezone.utc), param_2=8, param_3=3
SELECT `leads`.`id`, `leads`.`name`, `leads`.`updated_at` FROM `crm`.`leads` WHERE `leads`.`updated_at` IS NOT NULL AND `leads`.`updated_at` >= %(param_1)s AND (`leads`.`updated_at` > %(param_1)s OR `leads`.`id` IS NULL) ORDER BY `leads`.`updated_at`, `leads`.`id` LIMIT %(param_2:INT64)s  -- param_1=datetime.datetime(2026, 3, 2, 15, 0, 1, 123456, tzinfo=datetime.timezone.utc), param_2=2

-- from a position on
SELECT * FROM `crm`.`leads` WHERE 1 = 0
SELECT CURRENT_TIMESTAMP()
SELECT `leads`.`id`, `leads`.`name`, `leads`.`updated_at` FROM `crm`.`leads` WHERE `leads`.`updated_at` IS NULL AND `leads`.`id` IS NOT NULL ORDER BY `leads`.`updated_at`, `leads`.`id` LIMIT %(param_1:INT64)s  -- param_1=2
SELECT `leads`.`id`, `leads`.`name`, `leads`.`updated_at` FROM `crm`.`leads` WHERE `leads`.`updated_at` IS NULL AND `leads`.`id` IS NULL LIMIT %(param_1:INT64)s  -- param_1=500
SELECT `leads`.`id`, `leads`.`name`, `leads`.`updated_at` FROM `crm`.`leads` WHERE `leads`.`updated_at` IS NOT NULL AND `leads`.`updated_at` >= %(param_1)s ORDER BY `leads`.`updated_at`, `leads`.`id` LIMIT %(param_2:INT64)s  -- param_1=datetime.datetime(2026, 3, 2, 15, 0, 0, 123456, tzinfo=datetime.timezone.utc), param_2=2
SELECT `leads`.`id`, `leads`.`name`, `leads`.`updated_at` FROM `crm`.`leads` WHERE `leads`.`updated_at` IS NOT NULL AND `leads`.`updated_at` = %(param_1)s AND `leads`.`id` >= %(param_2)s ORDER BY `leads`.`updated_at`, `leads`.`id` LIMIT %(param_3:INT64)s  -- param_1=datetime.datetime(2026, 3, 2, 15, 0, 1, 123456, tzinfo=datetime.timezone.utc), param_2=8, param_3=3
SELECT `leads`.`id`, `leads`.`name`, `leads`.`updated_at` FROM `crm`.`leads` WHERE `leads`.`updated_at` IS NOT NULL AND `leads`.`updated_at` >= %(param_1)s AND (`leads`.`updated_at` > %(param_1)s OR `leads`.`id` IS NULL) ORDER BY `leads`.`updated_at`, `leads`.`id` LIMIT %(param_2:INT64)s  -- param_1=datetime.datetime(2026, 3, 2, 15, 0, 1, 123456, tzinfo=datetime.timezone.utc), param_2=2

-- a span of time
SELECT * FROM `crm`.`leads` WHERE 1 = 0
SELECT CURRENT_TIMESTAMP()
SELECT `leads`.`id`, `leads`.`name`, `leads`.`updated_at` FROM `crm`.`leads` WHERE `leads`.`updated_at` IS NOT NULL AND `leads`.`updated_at` >= %(param_1)s AND `leads`.`updated_at` < %(param_2)s ORDER BY `leads`.`updated_at`, `leads`.`id` LIMIT %(param_3:INT64)s  -- param_1=datetime.datetime(2026, 3, 2, 15, 0, 0, 123456, tzinfo=datetime.timezone.utc), param_2=datetime.datetime(2027, 3, 2, 15, 0, 0, 123456, tzinfo=datetime.timezone.utc), param_3=9

-- the newest
SELECT * FROM `crm`.`leads` WHERE 1 = 0
SELECT CURRENT_TIMESTAMP()
SELECT `leads`.`updated_at` FROM `crm`.`leads` WHERE `leads`.`updated_at` IS NOT NULL AND `leads`.`updated_at` < %(param_1)s ORDER BY `leads`.`updated_at` DESC LIMIT %(param_2:INT64)s  -- param_1=datetime.datetime(2026, 3, 2, 15, 0, 0, 123457, tzinfo=datetime.timezone.utc), param_2=200

-- by keys
SELECT * FROM `crm`.`leads` WHERE 1 = 0
SELECT `leads`.`id`, `leads`.`name`, `leads`.`updated_at` FROM `crm`.`leads` WHERE `leads`.`id` = %(param_1)s OR `leads`.`id` = %(param_2)s  -- param_1=7, param_2=8

-- by two keys
SELECT * FROM `crm`.`leads` WHERE 1 = 0
SELECT `leads`.`id`, `leads`.`name`, `leads`.`updated_at` FROM `crm`.`leads` WHERE `leads`.`id` = %(param_1)s AND `leads`.`name` = %(param_2)s  -- param_1=7, param_2='Ada'

-- whole
SELECT * FROM `leads` WHERE 1 = 0
SELECT `leads`.`id`, `leads`.`name`, `leads`.`updated_at` FROM `leads`

-- a look
SELECT * FROM `leads` WHERE 1 = 0
SELECT count(*) AS `count_1` FROM (SELECT 1 AS `one` FROM `leads` LIMIT %(param_1:INT64)s) AS `anon_1`  -- param_1=10001

-- a query
SELECT * FROM (SELECT * FROM crm.leads WHERE name <> 'x:y' ) AS `leads` WHERE 1 = 0
SELECT CURRENT_TIMESTAMP()
SELECT `id`, `name`, `updated_at` FROM (SELECT * FROM crm.leads WHERE name <> 'x:y' ) AS `leads` WHERE `updated_at` IS NULL AND `id` IS NOT NULL ORDER BY `updated_at`, `id` LIMIT %(param_1:INT64)s  -- param_1=9
SELECT `id`, `name`, `updated_at` FROM (SELECT * FROM crm.leads WHERE name <> 'x:y' ) AS `leads` WHERE `updated_at` IS NULL AND `id` IS NULL LIMIT %(param_1:INT64)s  -- param_1=500
SELECT `id`, `name`, `updated_at` FROM (SELECT * FROM crm.leads WHERE name <> 'x:y' ) AS `leads` WHERE `updated_at` IS NOT NULL AND `updated_at` >= %(param_1)s ORDER BY `updated_at`, `id` LIMIT %(param_2:INT64)s  -- param_1=datetime.datetime(2026, 3, 2, 15, 0, 0, 123456, tzinfo=datetime.timezone.utc), param_2=9

-- a key that is the cursor
SELECT * FROM `leads` WHERE 1 = 0
SELECT CURRENT_TIMESTAMP()
SELECT `leads`.`id`, `leads`.`name`, `leads`.`updated_at` FROM `leads` WHERE `leads`.`id` IS NULL AND `leads`.`id` IS NOT NULL ORDER BY `leads`.`id` LIMIT %(param_1:INT64)s  -- param_1=500
SELECT `leads`.`id`, `leads`.`name`, `leads`.`updated_at` FROM `leads` WHERE `leads`.`id` IS NULL AND `leads`.`id` IS NULL LIMIT %(param_1:INT64)s  -- param_1=500
SELECT `leads`.`id`, `leads`.`name`, `leads`.`updated_at` FROM `leads` WHERE `leads`.`id` IS NOT NULL ORDER BY `leads`.`id` LIMIT %(param_1:INT64)s  -- param_1=500
