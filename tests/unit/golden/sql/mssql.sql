-- two pages
SET LOCK_TIMEOUT 60000
SELECT * FROM [crm].[leads] WHERE 1 = 0
SELECT system_type_name + COALESCE(' COLLATE ' + collation_name, '') FROM sys.dm_exec_describe_first_result_set(%(statement)s, NULL, 0) WHERE is_hidden = 0 ORDER BY column_ordinal  -- statement='SELECT * \nFROM [crm].[leads] \nWHERE 1 = 0'
SELECT SYSUTCDATETIME()
SELECT TOP 2 [crm].[leads].[id], [crm].[leads].[name], convert(VARCHAR(33), [crm].[leads].[updated_at], 126) AS [updated_at] FROM [crm].[leads] WHERE [crm].[leads].[updated_at] IS NULL AND [crm].[leads].[id] IS NOT NULL ORDER BY [crm].[leads].[updated_at], [crm].[leads].[id]
SELECT TOP 500 [crm].[leads].[id], [crm].[leads].[name], convert(VARCHAR(33), [crm].[leads].[updated_at], 126) AS [updated_at] FROM [crm].[leads] WHERE [crm].[leads].[updated_at] IS NULL AND [crm].[leads].[id] IS NULL
SELECT TOP 2 [crm].[leads].[id], [crm].[leads].[name], convert(VARCHAR(33), [crm].[leads].[updated_at], 126) AS [updated_at] FROM [crm].[leads] WHERE [crm].[leads].[updated_at] IS NOT NULL ORDER BY [crm].[leads].[updated_at], [crm].[leads].[id]
SELECT TOP 3 [crm].[leads].[id], [crm].[leads].[name], convert(VARCHAR(33), [crm].[leads].[updated_at], 126) AS [updated_at] FROM [crm].[leads] WHERE [crm].[leads].[updated_at] IS NOT NULL AND [crm].[leads].[updated_at] = %(param_2)s AND [crm].[leads].[id] >= %(param_3)s ORDER BY [crm].[leads].[updated_at], [crm].[leads].[id]  -- param_2='2026-03-02T15:00:01.1234567', param_3=8
SELECT TOP 2 [crm].[leads].[id], [crm].[leads].[name], convert(VARCHAR(33), [crm].[leads].[updated_at], 126) AS [updated_at] FROM [crm].[leads] WHERE [crm].[leads].[updated_at] IS NOT NULL AND [crm].[leads].[updated_at] >= %(param_2)s AND ([crm].[leads].[updated_at] > %(param_2)s OR [crm].[leads].[id] IS NULL) ORDER BY [crm].[leads].[updated_at], [crm].[leads].[id]  -- param_2='2026-03-02T15:00:01.1234567'

-- from a position on
SET LOCK_TIMEOUT 60000
SELECT * FROM [crm].[leads] WHERE 1 = 0
SELECT system_type_name + COALESCE(' COLLATE ' + collation_name, '') FROM sys.dm_exec_describe_first_result_set(%(statement)s, NULL, 0) WHERE is_hidden = 0 ORDER BY column_ordinal  -- statement='SELECT * \nFROM [crm].[leads] \nWHERE 1 = 0'
SELECT SYSUTCDATETIME()
SELECT TOP 2 [crm].[leads].[id], [crm].[leads].[name], convert(VARCHAR(33), [crm].[leads].[updated_at], 126) AS [updated_at] FROM [crm].[leads] WHERE [crm].[leads].[updated_at] IS NULL AND [crm].[leads].[id] IS NOT NULL ORDER BY [crm].[leads].[updated_at], [crm].[leads].[id]
SELECT TOP 500 [crm].[leads].[id], [crm].[leads].[name], convert(VARCHAR(33), [crm].[leads].[updated_at], 126) AS [updated_at] FROM [crm].[leads] WHERE [crm].[leads].[updated_at] IS NULL AND [crm].[leads].[id] IS NULL
SELECT TOP 2 [crm].[leads].[id], [crm].[leads].[name], convert(VARCHAR(33), [crm].[leads].[updated_at], 126) AS [updated_at] FROM [crm].[leads] WHERE [crm].[leads].[updated_at] IS NOT NULL AND [crm].[leads].[updated_at] >= %(param_2)s ORDER BY [crm].[leads].[updated_at], [crm].[leads].[id]  -- param_2='2026-03-02T15:00:00.123456'
SELECT TOP 3 [crm].[leads].[id], [crm].[leads].[name], convert(VARCHAR(33), [crm].[leads].[updated_at], 126) AS [updated_at] FROM [crm].[leads] WHERE [crm].[leads].[updated_at] IS NOT NULL AND [crm].[leads].[updated_at] = %(param_2)s AND [crm].[leads].[id] >= %(param_3)s ORDER BY [crm].[leads].[updated_at], [crm].[leads].[id]  -- param_2='2026-03-02T15:00:01.1234567', param_3=8
SELECT TOP 2 [crm].[leads].[id], [crm].[leads].[name], convert(VARCHAR(33), [crm].[leads].[updated_at], 126) AS [updated_at] FROM [crm].[leads] WHERE [crm].[leads].[updated_at] IS NOT NULL AND [crm].[leads].[updated_at] >= %(param_2)s AND ([crm].[leads].[updated_at] > %(param_2)s OR [crm].[leads].[id] IS NULL) ORDER BY [crm].[leads].[updated_at], [crm].[leads].[id]  -- param_2='2026-03-02T15:00:01.1234567'

-- a span of time
SET LOCK_TIMEOUT 60000
SELECT * FROM [crm].[leads] WHERE 1 = 0
SELECT system_type_name + COALESCE(' COLLATE ' + collation_name, '') FROM sys.dm_exec_describe_first_result_set(%(statement)s, NULL, 0) WHERE is_hidden = 0 ORDER BY column_ordinal  -- statement='SELECT * \nFROM [crm].[leads] \nWHERE 1 = 0'
SELECT SYSUTCDATETIME()
SELECT TOP 9 [crm].[leads].[id], [crm].[leads].[name], convert(VARCHAR(33), [crm].[leads].[updated_at], 126) AS [updated_at] FROM [crm].[leads] WHERE [crm].[leads].[updated_at] IS NOT NULL AND [crm].[leads].[updated_at] >= %(param_2)s AND [crm].[leads].[updated_at] < %(param_3)s ORDER BY [crm].[leads].[updated_at], [crm].[leads].[id]  -- param_2='2026-03-02T15:00:00.123456', param_3='2027-03-02T15:00:00.123456'

-- the newest
SET LOCK_TIMEOUT 60000
SELECT * FROM [crm].[leads] WHERE 1 = 0
SELECT system_type_name + COALESCE(' COLLATE ' + collation_name, '') FROM sys.dm_exec_describe_first_result_set(%(statement)s, NULL, 0) WHERE is_hidden = 0 ORDER BY column_ordinal  -- statement='SELECT * \nFROM [crm].[leads] \nWHERE 1 = 0'
SELECT SYSUTCDATETIME()
SELECT TOP 200 convert(VARCHAR(33), [crm].[leads].[updated_at], 126) AS [updated_at] FROM [crm].[leads] WHERE [crm].[leads].[updated_at] IS NOT NULL AND [crm].[leads].[updated_at] < %(param_2)s ORDER BY [crm].[leads].[updated_at] DESC  -- param_2='2026-03-02T15:00:00.123457'

-- by keys
SET LOCK_TIMEOUT 60000
SELECT * FROM [crm].[leads] WHERE 1 = 0
SELECT system_type_name + COALESCE(' COLLATE ' + collation_name, '') FROM sys.dm_exec_describe_first_result_set(%(statement)s, NULL, 0) WHERE is_hidden = 0 ORDER BY column_ordinal  -- statement='SELECT * \nFROM [crm].[leads] \nWHERE 1 = 0'
SELECT [crm].[leads].[id], [crm].[leads].[name], convert(VARCHAR(33), [crm].[leads].[updated_at], 126) AS [updated_at] FROM [crm].[leads] WHERE [crm].[leads].[id] = %(param_1)s OR [crm].[leads].[id] = %(param_2)s  -- param_1=7, param_2=8

-- by two keys
SET LOCK_TIMEOUT 60000
SELECT * FROM [crm].[leads] WHERE 1 = 0
SELECT system_type_name + COALESCE(' COLLATE ' + collation_name, '') FROM sys.dm_exec_describe_first_result_set(%(statement)s, NULL, 0) WHERE is_hidden = 0 ORDER BY column_ordinal  -- statement='SELECT * \nFROM [crm].[leads] \nWHERE 1 = 0'
SELECT [crm].[leads].[id], [crm].[leads].[name], convert(VARCHAR(33), [crm].[leads].[updated_at], 126) AS [updated_at] FROM [crm].[leads] WHERE [crm].[leads].[id] = %(param_1)s AND [crm].[leads].[name] = %(param_2)s  -- param_1=7, param_2='Ada'

-- whole
SET LOCK_TIMEOUT 60000
SELECT * FROM [leads] WHERE 1 = 0
SELECT system_type_name + COALESCE(' COLLATE ' + collation_name, '') FROM sys.dm_exec_describe_first_result_set(%(statement)s, NULL, 0) WHERE is_hidden = 0 ORDER BY column_ordinal  -- statement='SELECT * \nFROM [leads] \nWHERE 1 = 0'
SELECT [leads].[id], [leads].[name], [leads].[updated_at] FROM [leads]

-- a look
SET LOCK_TIMEOUT 60000
SELECT * FROM [leads] WHERE 1 = 0
SELECT system_type_name + COALESCE(' COLLATE ' + collation_name, '') FROM sys.dm_exec_describe_first_result_set(%(statement)s, NULL, 0) WHERE is_hidden = 0 ORDER BY column_ordinal  -- statement='SELECT * \nFROM [leads] \nWHERE 1 = 0'
SELECT count(*) AS count_1 FROM (SELECT TOP 10001 1 AS one FROM [leads]) AS anon_1

-- a query
SET LOCK_TIMEOUT 60000
SELECT * FROM (SELECT * FROM crm.leads WHERE name <> 'x:y' ) AS leads WHERE 1 = 0
SELECT system_type_name + COALESCE(' COLLATE ' + collation_name, '') FROM sys.dm_exec_describe_first_result_set(%(statement)s, NULL, 0) WHERE is_hidden = 0 ORDER BY column_ordinal  -- statement="SELECT * \nFROM (SELECT * FROM crm.leads WHERE name <> 'x:y'\n) AS leads \nWHERE 1 = 0"
SELECT SYSUTCDATETIME()
SELECT TOP 9 [id], [name], convert(VARCHAR(33), [updated_at], 126) AS updated_at_1 FROM (SELECT * FROM crm.leads WHERE name <> 'x:y' ) AS leads WHERE [updated_at] IS NULL AND [id] IS NOT NULL ORDER BY [updated_at], [id]
SELECT TOP 500 [id], [name], convert(VARCHAR(33), [updated_at], 126) AS updated_at_1 FROM (SELECT * FROM crm.leads WHERE name <> 'x:y' ) AS leads WHERE [updated_at] IS NULL AND [id] IS NULL
SELECT TOP 9 [id], [name], convert(VARCHAR(33), [updated_at], 126) AS updated_at_1 FROM (SELECT * FROM crm.leads WHERE name <> 'x:y' ) AS leads WHERE [updated_at] IS NOT NULL AND [updated_at] >= %(param_2)s ORDER BY [updated_at], [id]  -- param_2='2026-03-02T15:00:00.123456'

-- a key that is the cursor
SET LOCK_TIMEOUT 60000
SELECT * FROM [leads] WHERE 1 = 0
SELECT system_type_name + COALESCE(' COLLATE ' + collation_name, '') FROM sys.dm_exec_describe_first_result_set(%(statement)s, NULL, 0) WHERE is_hidden = 0 ORDER BY column_ordinal  -- statement='SELECT * \nFROM [leads] \nWHERE 1 = 0'
SELECT SYSUTCDATETIME()
SELECT TOP 500 [leads].[id], [leads].[name], [leads].[updated_at] FROM [leads] WHERE [leads].[id] IS NULL AND [leads].[id] IS NOT NULL ORDER BY [leads].[id]
SELECT TOP 500 [leads].[id], [leads].[name], [leads].[updated_at] FROM [leads] WHERE [leads].[id] IS NULL AND [leads].[id] IS NULL
SELECT TOP 500 [leads].[id], [leads].[name], [leads].[updated_at] FROM [leads] WHERE [leads].[id] IS NOT NULL ORDER BY [leads].[id]
