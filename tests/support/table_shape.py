"""What a table of schema raw is made of, for comparing it before and after a change of its form.

Not here: its rows.
"""

SHAPE = """
SELECT 'column', column_name, data_type || is_nullable || coalesce(column_default, '') || ordinal_position
FROM information_schema.columns WHERE table_schema = 'raw' AND table_name = %(table)s
UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE conrelid = ('raw.' || %(table)s)::regclass AND contype <> 'n'
UNION ALL SELECT 'index', relname, replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ')
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE indrelid = ('raw.' || %(table)s)::regclass
UNION ALL SELECT 'grant', rolname, privilege_type
FROM pg_class, aclexplode(relacl) JOIN pg_roles ON pg_roles.oid = grantee
WHERE pg_class.oid = ('raw.' || %(table)s)::regclass AND grantee <> relowner
ORDER BY 1, 2, 3
"""
